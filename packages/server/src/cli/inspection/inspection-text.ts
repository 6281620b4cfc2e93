/** What `inspect` prints for people. */

import type {
  ExiInput,
  FoundCertificate,
  FoundChain,
  InspectedContractData,
  InspectedSignature,
  Inspection,
} from '@plugpool/iso15118';
import { type FragmentDigest, formatName, fragmentDigests, piecesOf, type ReferenceVerdict } from '@plugpool/iso15118';
import type { Paint } from '../paint.ts';
import { validityInWords } from './certificate-words.ts';
import { formatMessage } from './message-tree.ts';
import { printable } from './printable.ts';

export function inspectionText(inspection: Inspection, { exi, v2gtp }: ExiInput, paint: Paint): string {
  const { schema, kind, title, message, brokenAt, signature, chains, contractData, problems } = inspection;
  const header = v2gtp === undefined ? '' : `, V2GTP payload type ${v2gtp.payloadType.toString(16).padStart(4, '0')}`;
  const what = message === undefined ? paint.bad('not decoded') : `${kind} of ${schema}`;
  const far = message === undefined ? `furthest as ${kind} of ${schema}` : title;
  return [
    `${paint.strong(what)}, ${exi.length} octets of EXI${header}\n`,
    ...(far === undefined ? [] : [`${far}\n`]),
    ...['\n', formatMessage(piecesOf(inspection, exi), brokenAt, paint)],
    ...(message === undefined ? [] : digestLines(fragmentDigests(inspection, message.root, exi), paint)),
    ...(signature === null ? [] : ['\n', signatureText(signature, paint)]),
    ...(chains.length === 0 ? [] : [`\n${paint.strong('Certificate chains')}\n`]),
    ...chains.map((chain) => chainText(chain, paint)),
    ...(contractData === null ? [] : ['\n', contractDataText(contractData, paint)]),
    `\n${paint.strong('Problems')}\n`,
    ...(problems.length === 0 ? [`  ${paint.good('none found')}\n`] : []),
    ...problems.map(({ code, text }) => `  ${paint.warning(code)}: ${printable(text)}\n`),
  ].join('');
}

function digestLines(digests: readonly FragmentDigest[], paint: Paint): string[] {
  if (digests.length === 0) return [];
  return [
    `\n${paint.strong('Digest of the fragment')}\n`,
    ...digests.map((each) => `  ${each.method}: ${each.value}\n`),
  ];
}

function signatureText(signature: InspectedSignature, paint: Paint): string {
  const { valid, signedInfoGrammar, signer, signerElement, references } = signature;
  const verdict = valid === null ? paint.warning('not verified') : valid ? paint.good('valid') : paint.bad('not valid');
  const grammar = { xmldsig: 'signature schema alone', combined: 'all schemas together (strays from the standard)' };
  return [
    `${paint.strong('Signature')}: ${verdict}\n`,
    `  signer: ${signer === null ? 'not known' : printable(formatName(signer.subject))}\n`,
    ...(signerElement === undefined ? [] : [`  signer's certificate: in ${signerElement}\n`]),
    ...(signedInfoGrammar === null ? [] : [`  SignedInfo: grammar of ${grammar[signedInfoGrammar]}\n`]),
    ...references.map((reference) => referenceText(reference, paint)),
  ].join('');
}

function referenceText({ uri, element, valid, encoding }: ReferenceVerdict, paint: Paint): string {
  const verdict = valid ? paint.good('digest holds') : paint.bad('does not hold');
  const strays = encoding === 'single-type' ? ', encoded by a single type (strays from the standard)' : '';
  return `  ${printable(uri)} ${element ?? 'nothing'}: ${verdict}${strays}\n`;
}

function chainText({ element, certificates, root }: FoundChain, paint: Paint): string {
  const last = certificates.at(-1)?.certificate;
  const end = root === null ? last && `issued by ${formatName(last.issuer)}, not looked up` : formatName(root.subject);
  return [
    `  ${element}\n`,
    ...certificates.map((certificate) => certificateLine(certificate, paint)),
    ...(end === undefined ? [] : [`    root: ${printable(end)}\n`]),
  ].join('');
}

function certificateLine({ position, certificate, validNow, signedByIssuer }: FoundCertificate, paint: Paint): string {
  const validity = validityInWords(certificate);
  const signed = {
    true: paint.good('signed by the next'),
    false: paint.bad('not signed by the next'),
    null: undefined,
  };
  const signature = signed[`${signedByIssuer}`];
  return `    ${[
    `${position}: ${printable(formatName(certificate.subject))}`,
    validNow ? validity : paint.bad(`${validity}, not now`),
    `${certificate.publicKey.curve}`,
    ...(signature === undefined ? [] : [signature]),
  ].join(', ')}\n`;
}

function contractDataText(
  { contract, encryptedPrivateKey, keyAgreement }: InspectedContractData,
  paint: Paint,
): string {
  return [
    `${paint.strong('Contract data')}\n`,
    `  contract: ${printable(contract)}\n`,
    `  encrypted private key: ${printable(encryptedPrivateKey)}\n`,
    `  key agreement: ${printable(keyAgreement)}\n`,
  ].join('');
}
