import { encodeFragment, type Signature, type SignedInfo, xmldsig } from '@plugpool/exi';
import { algorithms, canonicalExiUri } from '../algorithms.ts';
import type { Signer } from '../certificates/signer.ts';
import type { MessageSignatures } from './message-signatures.ts';
import { referenceDigest } from './reference-digest.ts';
import { SignatureError } from './signature-error.ts';
import type { SignableElement } from './signed-elements.ts';

/**
 * Signs elements of a message: one reference each, in the order given, with the digest of the element's EXI fragment;
 * the signature goes over the fragment of SignedInfo in the grammar of the signature schema alone.
 * @throws SignatureError when the signer's curve is not one of the edition, or it answers with another number of octets
 */
export async function signElements<Document>(
  signatures: MessageSignatures<Document>,
  elements: readonly SignableElement[],
  signer: Signer,
): Promise<Signature> {
  const algorithm = algorithms[signer.curve];
  if (algorithm.edition !== signatures.edition) {
    throw new SignatureError('wrong-curve', `a key on ${signer.curve} cannot sign messages of ${signatures.edition}`);
  }
  const [digest] = algorithm.digests;
  const SignedInfo: SignedInfo = {
    CanonicalizationMethod: { Algorithm: canonicalExiUri },
    SignatureMethod: { Algorithm: algorithm.signatureUris[0] },
    Reference: elements.map(({ id, element, value }) => ({
      URI: `#${id}`,
      Transforms: { Transform: [{ Algorithm: canonicalExiUri }] },
      DigestMethod: { Algorithm: digest.uri },
      DigestValue: signatures.withFragment(element, value, (fragment) => referenceDigest(digest, fragment)),
    })),
  };
  const value = await signer.sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
  if (value.length !== algorithm.signatureSize) {
    throw new SignatureError(
      'signature-size',
      `signer gave ${value.length} octets, ${algorithm.signatureSize} are needed`,
    );
  }
  return { SignedInfo, SignatureValue: { value } };
}
