import type { Reference, Signature } from '@plugpool/exi';
import { type Algorithm, canonicalExiUri, type ReferenceDigest } from '../algorithms.ts';
import type { MessageSignatures, SignedParts } from './message-signatures.ts';
import { isDigestOf } from './reference-digest.ts';
import { type SignableElement, signableElements } from './signed-elements.ts';
import type { ReferenceVerdict, SignatureProblem } from './verdict.ts';

export interface CheckedReferences {
  readonly references: readonly ReferenceVerdict[];
  readonly problems: readonly SignatureProblem[];
}

/** No message has more than four. Each costs a digest over up to the whole message, so there is an end to them. */
const mostReferences = 16;

/** Checks every reference, and that nothing that must be signed is left out. */
export function checkReferences<Document>(
  signatures: MessageSignatures<Document>,
  algorithm: Algorithm,
  parts: SignedParts & { readonly signature: Signature },
  required: readonly string[],
  tolerant: boolean,
): CheckedReferences {
  const { Reference: all } = parts.signature.SignedInfo;
  if (all.length > mostReferences) {
    const text = `${all.length} references, at most ${mostReferences} are followed`;
    return { references: [], problems: [{ code: 'too-many-references', text }] };
  }
  const elements = signableElements(parts.message, parts.value);
  const problems = duplicateIds(elements);
  const seen = new Set<string>();
  const references = all.map((reference): ReferenceVerdict => {
    const uri = reference.URI ?? '';
    const target = elements.find(({ id }) => uri === `#${id}`);
    const checked = checkReference(signatures, algorithm, reference, target, tolerant);
    const repeated = seen.has(uri)
      ? [{ code: 'duplicate-reference', text: `two references to ${shown(uri)}` } as const]
      : [];
    seen.add(uri);
    problems.push(...checked.problems, ...repeated);
    return { uri, element: target?.element, valid: checked.problems.length === 0, encoding: checked.encoding };
  });
  for (const element of required) {
    if (!references.some((reference) => reference.element === element)) {
      problems.push({ code: 'element-not-signed', text: `${element} is not signed` });
    }
  }
  return { references, problems };
}

interface CheckedReference {
  readonly encoding: 'exi' | 'single-type';
  readonly problems: readonly SignatureProblem[];
}

function checkReference<Document>(
  signatures: MessageSignatures<Document>,
  algorithm: Algorithm,
  reference: Reference,
  target: SignableElement | undefined,
  tolerant: boolean,
): CheckedReference {
  const problems = formProblems(algorithm, reference);
  if (target === undefined) {
    const text = `${shown(reference.URI ?? '')} refers to no element of the message`;
    return { encoding: 'exi', problems: [...problems, { code: 'dangling-reference', text }] };
  }
  const { element, value } = target;
  const digest = digestNamed(algorithm, reference) ?? algorithm.digests[0];
  const holds = (fragment: Uint8Array) => isDigestOf(digest, fragment, reference.DigestValue);
  if (signatures.withFragment(element, value, holds)) {
    return { encoding: 'exi', problems };
  }
  const several = tolerant && signatures.multiTypeElements.has(element);
  if (several && signatures.withFragment(element, value, holds, { multiTypeElement: 'single-type' })) {
    return { encoding: 'single-type', problems };
  }
  const text = `the digest of ${element} (${shown(reference.URI ?? '')}) does not match`;
  return { encoding: 'exi', problems: [...problems, { code: 'digest-mismatch', text }] };
}

function digestNamed({ digests }: Algorithm, { DigestMethod }: Reference): ReferenceDigest | undefined {
  return digests.find(({ uri }) => uri === DigestMethod.Algorithm);
}

function formProblems(algorithm: Algorithm, reference: Reference): SignatureProblem[] {
  const { URI, Transforms } = reference;
  const problems: SignatureProblem[] = [];
  if (URI === undefined || !/^#./.test(URI)) {
    problems.push({ code: 'bad-uri', text: 'a reference does not name an element of the message by #Id' });
  }
  const [transform, ...more] = Transforms?.Transform ?? [];
  if (transform?.Algorithm !== canonicalExiUri || more.length > 0) {
    problems.push({
      code: 'wrong-transform',
      text: `${shown(URI ?? '')} is not transformed by ${canonicalExiUri} alone`,
    });
  }
  if (digestNamed(algorithm, reference) === undefined) {
    const text = `${shown(URI ?? '')} is not digested with ${algorithm.digests[0].uri}`;
    problems.push({ code: 'wrong-digest-method', text });
  }
  return problems;
}

/** Two elements of one Id would let a reference mean either. */
function duplicateIds(elements: readonly SignableElement[]): SignatureProblem[] {
  const ids = elements.map(({ id }) => id);
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map((id) => ({ code: 'duplicate-id', text: `several elements have the Id ${shown(id)}` }));
}

/** Texts of strangers go into messages short and quoted. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
