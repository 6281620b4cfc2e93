/**
 * A module that is loaded when it is first asked for, and known from then on: `import()` alone would look it up for every
 * request. A start loads what every installation needs, and what a message needs comes with the first message.
 */
export function onFirstUse<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
