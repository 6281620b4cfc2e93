/** Presenting the contract and proving it (ISO 15118-2 §8.4.3). */

import { xsId, xsLong } from '../../schema/built-in-types.ts';
import { complexType, inUnits } from '../../schema/complex-type.ts';
import { optional } from '../../schema/particles.ts';
import { CertificateChainType } from './certificates.ts';
import { body } from './namespaces.ts';
import { EVSEProcessingType, eMAIDType, genChallengeType, responseCodeType } from './simple-types.ts';

export const PaymentDetailsReqType = complexType(
  body.element('eMAID', eMAIDType),
  body.element('ContractSignatureCertChain', CertificateChainType),
);

export const PaymentDetailsReq = body.element('PaymentDetailsReq', PaymentDetailsReqType);

export interface PaymentDetailsResUnits {
  /** In s since 1970, UTC. */
  readonly EVSETimeStamp?: unknown;
}

export const PaymentDetailsResType = inUnits<PaymentDetailsResUnits>()(
  complexType(
    body.element('ResponseCode', responseCodeType),
    body.element('GenChallenge', genChallengeType),
    body.element('EVSETimeStamp', xsLong),
  ),
);

export const PaymentDetailsRes = body.element('PaymentDetailsRes', PaymentDetailsResType);

export const AuthorizationReqType = complexType(
  optional(body.attribute('Id', xsId)),
  optional(body.element('GenChallenge', genChallengeType)),
);

export const AuthorizationReq = body.element('AuthorizationReq', AuthorizationReqType);

export const AuthorizationResType = complexType(
  body.element('ResponseCode', responseCodeType),
  body.element('EVSEProcessing', EVSEProcessingType),
);

export const AuthorizationRes = body.element('AuthorizationRes', AuthorizationResType);
