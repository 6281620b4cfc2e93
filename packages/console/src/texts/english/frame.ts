export const frame = {
  tab: (title: string) => `${title} · plugpool`,
  navigation: 'Pages',
  menu: 'Menu',
  skip: 'Skip to the content',
  light: 'Light colours',
  dark: 'Dark colours',
  documents: 'The interfaces are described at',
  fault: 'Something went wrong',
  faultWhat: 'This page cannot be shown',
  reload: 'Load again',
  missing: 'Not here',
  missingWhat: 'There is no such page in the console. Perhaps you are looking for',
};
