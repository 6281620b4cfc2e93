/** The shapes that all dialects spell alike. */
import type { TString } from 'typebox';
import { Type } from '../http/schema-builders.ts';
import { FINGERPRINT_PATTERN, PCID_PATTERN } from '../kernel/patterns.ts';

export const Pcid = Type.String({ pattern: PCID_PATTERN, description: 'Common name of the vehicle certificate.' });
export const Fingerprint = Type.String({
  pattern: FINGERPRINT_PATTERN,
  description: 'SHA-256 of the certificate in DER, hexadecimal, either case.',
});
export const Namespace = Type.String({
  description: 'Message definition namespace, which says the edition of ISO 15118.',
  examples: ['urn:iso:15118:2:2013:MsgDef', 'urn:iso:15118:20:2020:MsgDef', 'urn:iso:15118:20:2022:MsgDef'],
});
export const MetaData = Type.String({ maxLength: 4096, description: 'Handed back with the contract, unread.' });
/** The references write it in both ways, each at other calls. */
export const metaDataFields = { metaData: Type.Optional(MetaData), metadata: Type.Optional(MetaData) };

/** DER or PEM in base64. */
export const CertificateText = Type.String({ description: 'A certificate: base64 of its DER, or PEM.' });
export const Octets = Type.String({ minLength: 1, contentEncoding: 'base64' });

/** Only the other value's word changes what a header says by default, so any text is accepted and none refused. */
function booleanHeaderShape(title: string, byDefault: boolean, description: string) {
  return Type.Optional(Type.String({ title, description, documentedAs: { type: 'boolean', default: byDefault } }));
}

const broadcast = booleanHeaderShape(
  'broadcast',
  false,
  'Whether the call was forwarded by another ecosystem already; then it goes no further.',
);

const EXAMPLE_UUID = '3f1d8b52-6a0e-4c7b-9d51-0e2f6a7c8b90';

export const PcidPath = Type.Object({ pcid: Pcid });
/** Ours: the references know one entry for a PCID. */
export const VehicleQuery = Type.Object({ xsdMsgDefNamespace: Type.Optional(Namespace) });
export const VehicleHeaders = Type.Object({ broadcast });
export const RootPath = Type.Object({ rootCertificateId: Type.String({ examples: [EXAMPLE_UUID] }) });

export const ContractQuery = Type.Object({
  xsdMsgDefNamespace: Type.Optional(Namespace),
  cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
});

const SessionId = Type.String({ description: 'Of the charging session: up to eight octets, hexadecimal.' });
export const ProvideQuery = Type.Object({ ...ContractQuery.properties, sessionID: Type.Optional(SessionId) });

export const InstallHeaders = Type.Object({
  alwaysreturnexi: booleanHeaderShape(
    'alwaysReturnEXI',
    true,
    'Whether a failure comes as a message for the car, in the body of a success, or as the error body.',
  ),
  broadcast,
});
export const WithdrawHeaders = Type.Object({
  'x-skip-revocation': booleanHeaderShape(
    'X-Skip-Revocation',
    false,
    'Whether a contract certificate of our own CA stays unrevoked.',
  ),
});

export const InstallBody = Type.Object({
  certificateInstallationReq: Type.String({ contentEncoding: 'base64', description: 'EXI as the car sent it.' }),
  xsdMsgDefNamespace: Namespace,
  metadata: Type.Optional(Type.String()),
});

const Instant = Type.String({ description: 'ISO 8601 with its offset.', examples: ['2026-01-01T00:00:00Z'] });

/** The dialects differ in how long an EMAID may be. */
export function generateBody<E extends TString>(Emaid: E) {
  return Type.Object({
    contractBegins: Instant,
    contractEnds: Instant,
    emaid: Emaid,
    pcid: Pcid,
    xsdMsgDefNamespace: Namespace,
    cpsV2GRootCertificateFingerprint: Type.Optional(Fingerprint),
    moRootCertificateFingerprint: Type.Optional(Fingerprint),
    metaData: Type.Optional(MetaData),
    subscriptionUrl: Type.Optional(Type.String({ maxLength: 2048, description: 'Not called; see the webhooks.' })),
  });
}
