/** Certificates, the encrypted contract key and the identifiers that are signed with them (ISO 15118-2 §8.5.2). */

import { xsId } from '../../schema/built-in-types.ts';
import { complexType, simpleContent } from '../../schema/complex-type.ts';
import { optional, repeat } from '../../schema/particles.ts';
import { X509IssuerSerialType } from '../xmldsig/key-info.ts';
import { data } from './namespaces.ts';
import { certificateType, dHpublickeyType, eMAIDType, privateKeyType } from './simple-types.ts';

export const SubCertificatesType = complexType(repeat(data.element('Certificate', certificateType), 1, 4));

export const CertificateChainType = complexType(
  optional(data.attribute('Id', xsId)),
  data.element('Certificate', certificateType),
  optional(data.element('SubCertificates', SubCertificatesType)),
);

export const ListOfRootCertificateIDsType = complexType(
  repeat(data.element('RootCertificateID', X509IssuerSerialType), 1, 20),
);

export const ContractSignatureEncryptedPrivateKeyType = simpleContent(privateKeyType, data.attribute('Id', xsId));

export const DiffieHellmanPublickeyType = simpleContent(dHpublickeyType, data.attribute('Id', xsId));

export const EMAIDType = simpleContent(eMAIDType, data.attribute('Id', xsId));
