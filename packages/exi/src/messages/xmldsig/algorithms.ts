/** The methods of a signature: which algorithm, with which parameters (RFC 3275 §4.3). */

import { bigInteger } from '../../primitives/integer.ts';
import { xsAnyUri, xsString } from '../../schema/built-in-types.ts';
import { complexType, mixedType } from '../../schema/complex-type.ts';
import { anyElement, choice, optional, repeat, unbounded } from '../../schema/particles.ts';
import { unqualified } from '../../schema/unqualified.ts';
import { ds } from './namespace.ts';

export const HMACOutputLengthType = bigInteger();

export const CanonicalizationMethodType = mixedType(
  unqualified.attribute('Algorithm', xsAnyUri),
  repeat(anyElement, 0, unbounded),
);

export const CanonicalizationMethod = ds.element('CanonicalizationMethod', CanonicalizationMethodType);

export const SignatureMethodType = mixedType(
  unqualified.attribute('Algorithm', xsAnyUri),
  optional(ds.element('HMACOutputLength', HMACOutputLengthType)),
  repeat(anyElement, 0, unbounded),
);

export const SignatureMethod = ds.element('SignatureMethod', SignatureMethodType);

export const DigestMethodType = mixedType(
  unqualified.attribute('Algorithm', xsAnyUri),
  repeat(anyElement, 0, unbounded),
);

export const DigestMethod = ds.element('DigestMethod', DigestMethodType);

export const TransformType = mixedType(
  unqualified.attribute('Algorithm', xsAnyUri),
  repeat(choice(anyElement, ds.element('XPath', xsString)), 0, unbounded),
);

export const Transform = ds.element('Transform', TransformType);

export const TransformsType = complexType(repeat(Transform, 1, unbounded));

export const Transforms = ds.element('Transforms', TransformsType);
