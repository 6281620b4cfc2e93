export const parts = {
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  proposed: 'Another operator has to approve',
  proposedWhat: (id: string) =>
    `Nothing has changed yet. This was written down as the proposal ${id}; it is carried out when another operator approves it.`,
  failed: 'This could not be loaded',
  again: 'Try again',
  trace: (id: string) => `The log of the server tells more under ${id}.`,
  noAnswer: 'The server does not answer. Is it running?',
  signIn: 'This is for operators who are signed in.',
};
