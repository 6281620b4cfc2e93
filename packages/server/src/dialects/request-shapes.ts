/** The shapes that all dialects spell alike. */
import { type TString, Type } from 'typebox';
import { FINGERPRINT_PATTERN, PCID_PATTERN } from '../kernel/patterns.ts';

export const Pcid = Type.String({ pattern: PCID_PATTERN });
export const Fingerprint = Type.String({ pattern: FINGERPRINT_PATTERN });
export const Namespace = Type.String();
export const MetaData = Type.String({ maxLength: 4096 });

export const PcidPath = Type.Object({ pcid: Pcid });
/** Ours: the references know one entry for a PCID. */
export const VehicleQuery = Type.Object({ xsdMsgDefNamespace: Type.Optional(Namespace) });
export const RootPath = Type.Object({ rootCertificateId: Type.String() });

export const ContractQuery = Type.Object({
  xsdMsgDefNamespace: Type.Optional(Namespace),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

export const ProvideQuery = Type.Object({ ...ContractQuery.properties, sessionID: Type.Optional(Type.String()) });

export const InstallHeaders = Type.Object({ alwaysreturnexi: Type.Optional(Type.String()) });
export const WithdrawHeaders = Type.Object({ 'x-skip-revocation': Type.Optional(Type.String()) });

export const InstallBody = Type.Object({
  certificateInstallationReq: Type.String(),
  xsdMsgDefNamespace: Namespace,
  metadata: Type.Optional(Type.String()),
});

/** The dialects differ in how long an EMAID may be. */
export function generateBody<E extends TString>(Emaid: E) {
  return Type.Object({
    contractBegins: Type.String(),
    contractEnds: Type.String(),
    emaid: Emaid,
    pcid: Pcid,
    xsdMsgDefNamespace: Namespace,
    cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
    moRootCertificateFingerprint: Type.Optional(Fingerprint),
    metaData: Type.Optional(MetaData),
  });
}
