export const certificate = {
  root: 'root certificate',
  unknownRoot: 'Issuer not among the roots of this ecosystem',
  signedBy: (issuer: string) => `signed by ${issuer}`,
  notSignedBy: (issuer: string) => `not signed by ${issuer}`,
  signerUnknown: (issuer: string) => `issuer is ${issuer}`,
  selfSigned: 'signed by itself',
  validNow: 'valid',
  expired: 'expired',
  early: 'not yet valid',
  validity: 'to',
  fingerprint: 'SHA-256',
  serial: 'Serial number',
};
