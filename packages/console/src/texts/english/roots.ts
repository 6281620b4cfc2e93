export const roots = {
  title: 'Roots',
  what: 'The trust anchors of this ecosystem: every chain has to end at one of them.',
  empty: 'There is no root yet',
  emptyWhat: 'Import one with: npx plugpool root import FILE',
  types: 'Vouches for',
  added: 'Added',
  certificate: 'Certificate',
  validity: 'Valid to',
};
