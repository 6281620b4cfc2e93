/** A response that refuses: its code says why, and what is missing in it is no mistake. */
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

/** What to look at for the codes that concern contract installation; of both editions, without their first word. */
const advice: Readonly<Record<string, string>> = {
  NoCertificateAvailable: 'is the vehicle published, and has it a default contract that is valid now?',
  NoContractMatchingPCIDFound: 'is there a contract for this PCID, and is it valid now?',
  SignatureError: 'the request was changed on its way, or signed with another key than that of its certificate',
  CertChainError: 'the certificate in the request is not the one that is published for its PCID',
  CertificateValidationError: 'the certificate in the request is not the one that is published for its PCID',
  CertificateExpired: 'the certificate in the request is expired; have a new one issued and publish it',
  CertificateNotYetValid: 'the certificate in the request is not yet valid; check the clocks',
  CertificateRevoked: 'the certificate in the request is revoked; have a new one issued and publish it',
};

/** A problem for each response in the message that says FAILED or, as ISO 15118-20 has it, WARNING. */
export function refusalsIn(message: unknown): Problem[] {
  const response = [...responsesIn(message)].find((value) => refusalCodeOf(value) !== undefined);
  const code = refusalCodeOf(response);
  if (code === undefined) return [];
  const hint = advice[code.replace(/^[A-Z]+_/, '')] ?? 'the log of whoever answered says more';
  return [{ code: 'refused', text: `the response refuses with ${code}: ${hint}` }];
}

function refusalCodeOf(value: unknown): string | undefined {
  const code = fieldOf(value, 'ResponseCode');
  return typeof code === 'string' && /^(FAILED|WARNING)/.test(code) ? code : undefined;
}

/** The message itself, as in ISO 15118-20, or what is in its body. */
function* responsesIn(message: unknown): Iterable<unknown> {
  yield message;
  const body = fieldOf(message, 'Body');
  if (typeof body === 'object' && body !== null) yield* Object.values(body);
}
