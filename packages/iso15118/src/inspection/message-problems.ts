/** What a message says of itself, in sentences: response codes, and what cannot be meant so. */
import type { Message } from './edition-messages.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

/** The certificate that a code is about: that of the vehicle where contracts are installed, else the contract's. */
interface Advice {
  readonly installing: string;
  readonly charging: string;
}

const renew = {
  installing: 'have a new one issued and publish it',
  charging: 'have a new contract made and installed',
};

/** Codes that concern certificates and signatures, of both editions, without their first word. */
const advice: ReadonlyMap<string, string | Advice> = new Map<string, string | Advice>([
  ['NoCertificateAvailable', 'is the vehicle published, and has it a default contract that is valid now?'],
  ['NoContractMatchingPCIDFound', 'is there a contract for this PCID, and is it valid now?'],
  [
    'SignatureError',
    'the request was changed on its way, or signed with another key than that of its certificate; inspect the request',
  ],
  [
    'MeteringSignatureNotValid',
    'the metering data was changed on its way, or not signed with the contract key; inspect the request',
  ],
  ['CertChainError', certificate('is not the one that is published for its PCID', 'does not lead to a known root')],
  [
    'CertificateValidationError',
    certificate('is not the one that is published for its PCID', 'does not lead to a known root'),
  ],
  ['CertificateExpired', certificate(`is expired; ${renew.installing}`, `is expired; ${renew.charging}`)],
  ['CertificateNotYetValid', certificate('is not yet valid; check the clocks', 'is not yet valid; check the clocks')],
  ['CertificateRevoked', certificate(`is revoked; ${renew.installing}`, `is revoked; ${renew.charging}`)],
  ['CertificateExpiresSoon', `the contract certificate expires soon; ${renew.charging}`],
  ['CertificateNotAllowedAtThisEVSE', 'the operator of this EVSE does not accept contracts of this eMSP'],
  ['ContractCanceled', `the eMSP has ended this contract; ${renew.charging}`],
  ['eMSPUnknown', 'the operator does not know the eMSP of this EMAID; is there roaming between the two?'],
  ['GeneralPnCAuthorizationError', 'the eMSP did not authorise this contract; ask it, or pay outside the vehicle'],
  ['ChallengeInvalid', 'GenChallenge is not the one of the response before; send back that of this session'],
  ['AuthorizationSelectionInvalid', 'choose one of the AuthorizationServices that were offered'],
  ['PaymentSelectionInvalid', 'choose one of the payment options that were offered'],
  ['EIMAuthorizationFailure', 'the authorisation outside the vehicle failed; let the driver try again'],
  ['UnknownSession', 'the SessionID in the header is not that of the session; compare both messages'],
  ['SequenceError', 'the message came out of its order; compare with the message before'],
]);

function certificate(installing: string, charging: string): Advice {
  const of = (what: string, verdict: string) => `the ${what} in the request ${verdict}`;
  return { installing: of('certificate', installing), charging: of('contract certificate', charging) };
}

const installing = new Set(['CertificateInstallationRes', 'CertificateUpdateRes']);

/** A problem for a response that says FAILED or, as ISO 15118-20 has it, WARNING; and for what is not quite OK. */
export function responseProblems({ name, body }: Message): Problem[] {
  const code = fieldOf(body, 'ResponseCode');
  if (typeof code !== 'string') return [];
  const hint = adviceOn(name, code) ?? 'the log of whoever answered says more';
  if (/^(FAILED|WARNING)/.test(code)) {
    // Outside of installation the session goes on after a warning.
    const warns = code.startsWith('WARNING') && !installing.has(name);
    const text = `the response ${warns ? 'warns' : 'refuses'} with ${code}: ${hint}`;
    return [{ code: warns ? 'warned' : 'refused', text }];
  }
  if (code === 'OK_CertificateExpiresSoon') {
    return [{ code: 'certificate-expires-soon', text: `the response says ${code}: ${hint}` }];
  }
  return installing.has(name) ? notReady(body) : [];
}

function adviceOn(name: string, code: string): string | undefined {
  const found = advice.get(code.replace(/^[A-Z]+_/, ''));
  return typeof found === 'object' ? found[installing.has(name) ? 'installing' : 'charging'] : found;
}

function notReady(body: unknown): Problem[] {
  const processing = fieldOf(body, 'EVSEProcessing');
  if (processing === undefined || processing === 'Finished') return [];
  const text = `EVSEProcessing is ${processing}, so there is no contract in the response yet; send the request again`;
  return [{ code: 'not-finished', text }];
}

/** A request that no contract can answer. */
export function requestProblems({ name, body }: Message): Problem[] {
  if (name !== 'CertificateInstallationReq' || fieldOf(body, 'MaximumContractCertificateChains') !== 0) return [];
  const text = 'MaximumContractCertificateChains is 0, which asks for no contract at all; ask for at least one';
  return [{ code: 'no-contract-wanted', text }];
}
