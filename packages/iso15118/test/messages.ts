import { createPrivateKey } from 'node:crypto';
import { decode, ExiError, type Iso15118_2Document, iso15118_2, type SignedInfo } from '@plugpool/exi';
import { expect } from 'vitest';
import { type Certificate, fromPem, readCertificate, softwareSigner, verifyMessageSignature } from '../src/index.ts';
import { cryptoVectors } from './vectors.ts';

const { pki } = cryptoVectors;
export const certificateOf = (pair: { certPem: string }) => readCertificate(fromPem(pair.certPem));
export const signerOf = (pair: { keyPem: string }) => softwareSigner(createPrivateKey(pair.keyPem));
const signers: Readonly<Record<string, Certificate>> = {
  'OEM leaf': certificateOf(pki.oem.leaf),
  'CPS leaf': certificateOf(pki.cps.leaf),
};

export function signerNamed(name: string): Certificate {
  const certificate = signers[name];
  if (certificate === undefined) {
    throw new Error(`no certificate for ${name}`);
  }
  return certificate;
}

export function decoded(hex: string): Iso15118_2Document {
  return decode(iso15118_2, Buffer.from(hex, 'hex'));
}

export function isValid(exi: Uint8Array, signer: Certificate): boolean {
  try {
    return verifyMessageSignature(decode(iso15118_2, exi), signer).valid;
  } catch (error) {
    expect(error).toBeInstanceOf(ExiError);
    return false;
  }
}

export function messageIn(document: Iso15118_2Document) {
  if (!('V2G_Message' in document) || document.V2G_Message === undefined) {
    throw new Error('no message');
  }
  return document.V2G_Message;
}

export function responseIn(document: Iso15118_2Document) {
  const { Body } = messageIn(document);
  if (!('CertificateInstallationRes' in Body) || Body.CertificateInstallationRes === undefined) {
    throw new Error('no CertificateInstallationRes');
  }
  return Body.CertificateInstallationRes;
}

export function signatureIn(document: Iso15118_2Document) {
  const { Signature } = messageIn(document).Header;
  if (Signature === undefined) {
    throw new Error('no signature');
  }
  return Signature;
}

export function withSignedInfo(document: Iso15118_2Document, change: (signedInfo: SignedInfo) => SignedInfo) {
  const { Header, Body } = messageIn(document);
  const signature = signatureIn(document);
  const Signature = { ...signature, SignedInfo: change(signature.SignedInfo) };
  return { V2G_Message: { Header: { ...Header, Signature }, Body } };
}
