export const certificates = {
  title: 'Certificates',
  what: 'What the CAs of this ecosystem issued: to vehicles, contracts, charging stations and signers.',
  search: 'Name, fingerprint or serial number',
  searchWhat: 'A whole EVSEID, SECCID, PCID or EMAID, a SHA-256 fingerprint, or a serial number',
  find: 'Find',
  hint: 'Type what you have in hand, and press Enter.',
  none: 'No CA of this ecosystem issued such a certificate',
  noneWhat: 'Names are looked for whole. What others issued is in the pools, if anywhere.',
  issuedBy: (authority: string) => `issued by ${authority}`,
};
