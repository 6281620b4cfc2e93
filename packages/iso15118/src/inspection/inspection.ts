/** Everything that can be said about one byte string. */
import type { JsonValue } from '@plugpool/exi';
import type { Certificate } from '../certificates/certificate.ts';
import { type ContractDataFindings, type InspectedContractData, inspectContractData } from './contract-data.ts';
import { type EditionMessages, isHollow, type Message, messagesOf } from './edition-messages.ts';
import type { ExiInput } from './exi-input.ts';
import { chainsIn, type FoundChain } from './found-chains.ts';
import { headerProblems } from './header-problems.ts';
import { requestProblems, responseProblems } from './message-problems.ts';
import type { Problem } from './problem.ts';
import { type Reading, type Recognised, recognise } from './recognition.ts';
import { type InspectedSignature, inspectSignature, type SignatureFindings, signedInfoProblems } from './signature.ts';
import { v2gtpProblems } from './v2gtp-problems.ts';

/** When nothing could be decoded, the schema and kind are those that came furthest. */
export interface Inspection extends Reading {
  /** The message or the element of the fragment, and the edition it is of; `undefined` when it is of none. */
  readonly title: string | undefined;
  /** `undefined` when nothing could be decoded. */
  readonly message: { readonly root: string; readonly value: unknown; readonly json: JsonValue } | undefined;
  /** The bit at which reading failed. */
  readonly brokenAt: number | undefined;
  readonly signature: InspectedSignature | null;
  readonly chains: readonly FoundChain[];
  readonly contractData: InspectedContractData | null;
  readonly problems: readonly Problem[];
}

export interface InspectionCircumstances {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Trust anchors that chains may end at. */
  readonly roots: readonly Certificate[];
  /** Of messages that do not carry the certificate of their signer. */
  readonly signer: Certificate | undefined;
}

export function inspect({ exi, v2gtp }: ExiInput, circumstances: InspectionCircumstances): Inspection {
  const recognition = recognise(exi);
  if (!recognition.ok) {
    const { schema, kind, singleType, error } = recognition;
    const advice = 'the octets are damaged or cut off, or they are no EXI message of ISO 15118';
    const problem = { code: error.code, text: `as ${kind} of ${schema}: ${error.message}; ${advice}` };
    return {
      schema,
      kind,
      singleType,
      title: undefined,
      message: undefined,
      brokenAt: error.bitOffset,
      signature: null,
      chains: [],
      contractData: null,
      problems: [...v2gtpProblems(v2gtp, undefined), problem],
    };
  }
  const { message: recognised } = recognition;
  const { schema, kind, singleType, root, value, json } = recognised;
  const { at, roots } = circumstances;
  const messages = messagesOf(schema);
  const message = kind === 'document' ? messages?.messageIn(root, value) : undefined;
  const chains = chainsIn(root, value, { edition: messages?.edition, at, roots, hollow: isHollow(message?.body) });
  const { signature, problems } = aboutMessage(messages, message, exi, circumstances);
  const { contractData, problems: contractProblems } = aboutContractData(messages, message, recognised);
  return {
    schema,
    kind,
    singleType,
    title: messages && `${message?.name ?? root} of ${messages.title}`,
    message: { root, value, json },
    brokenAt: undefined,
    signature,
    chains,
    contractData,
    problems: [
      ...v2gtpProblems(v2gtp, kind === 'document' ? schema : undefined),
      ...encodingProblems(recognised),
      ...problems,
      ...chains.flatMap((chain) => chain.problems),
      ...contractProblems,
    ],
  };
}

function encodingProblems({ schema, kind, root, singleType, trailing }: Recognised): Problem[] {
  const problems: Problem[] = kind === 'fragment' ? signedInfoProblems(schema, root) : [];
  if (trailing !== undefined) problems.push({ code: trailing.code, text: `${trailing.detail}; cut them off` });
  if (singleType) {
    const text = `${root} is encoded by a single type; signatures need the element fragment grammar (EXI 1.0 §8.5.3)`;
    problems.push({ code: 'single-type-encoding', text });
  }
  return problems;
}

function aboutMessage(
  messages: EditionMessages | undefined,
  message: Message | undefined,
  exi: Uint8Array,
  { at, signer }: InspectionCircumstances,
): SignatureFindings {
  if (messages === undefined || message === undefined) return { signature: null, problems: [] };
  const { signature, problems } = inspectSignature(messages, message, exi, signer);
  const own = [...responseProblems(message), ...requestProblems(message), ...headerProblems(messages, message, at)];
  return { signature, problems: [...own, ...problems] };
}

function aboutContractData(
  messages: EditionMessages | undefined,
  message: Message | undefined,
  { root, value }: Recognised,
): ContractDataFindings {
  if (messages === undefined) return { contractData: null, problems: [] };
  return inspectContractData(messages, message?.name ?? root, message === undefined ? value : message.body);
}
