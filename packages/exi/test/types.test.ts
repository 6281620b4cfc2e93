import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type CertificateInstallationReq,
  type CertificateInstallationRes20,
  type DocumentOf,
  decode,
  encode,
  encodeFragment,
  iso15118_2,
  type iso15118_20Common,
  type SignedInfo,
  type V2gBody,
  type V2gMessage,
} from '../src/index.ts';

type Document = DocumentOf<typeof iso15118_2>;

describe('message types follow from the schema values', () => {
  test('the fields of a request', () => {
    expectTypeOf<CertificateInstallationReq>().toEqualTypeOf<{
      Id: string;
      OEMProvisioningCert: Uint8Array;
      ListOfRootCertificateIDs: { RootCertificateID: { X509IssuerName: string; X509SerialNumber: bigint }[] };
    }>();
  });

  test('enumerations, optional fields, inherited fields, simple content', () => {
    expectTypeOf<NonNullable<V2gMessage['Header']['Notification']>>().toEqualTypeOf<{
      FaultCode: 'ParsingError' | 'NoTLSRootCertificatAvailable' | 'UnknownError';
      FaultMsg?: string;
    }>();
    type Response = NonNullable<V2gBody['CertificateUpdateRes']>;
    expectTypeOf<Response['RetryCounter']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Response['eMAID']>().toEqualTypeOf<{ value: string; Id: string }>();
    expectTypeOf<CertificateInstallationRes20['Header']['TimeStamp']>().toEqualTypeOf<bigint>();
    expectTypeOf<SignedInfo['Reference']>().toBeArray();
  });

  test('one member of a substitution group at a time, each to be asked for', () => {
    const read = (document: Document) => document.V2G_Message?.Body.CertificateInstallationReq?.Id;
    expectTypeOf(read).returns.toEqualTypeOf<string | undefined>();
    expectTypeOf<DocumentOf<typeof iso15118_20Common>>().toHaveProperty('CertificateInstallationReq');
    expect(read(decode(iso15118_2, Uint8Array.of(0x80, 0x98, 0x00, 0x40, 0x10, 0xb0)))).toBeUndefined();
  });
});

const Header = { SessionID: new Uint8Array(8) };

/** Never run: what the compiler refuses. */
export const refused = [
  // @ts-expect-error no such message in the body
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { ChargingStatusRequest: {} } } }),
  // @ts-expect-error a field that the message does not have
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { AuthorizationReq: { Idd: 'id1' } } } }),
  // @ts-expect-error a required field is missing
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { SessionStopReq: {} } } }),
  // @ts-expect-error not in the enumeration
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { SessionStopReq: { ChargingSession: 'Stop' } } } }),
  () =>
    encode(iso15118_2, {
      V2G_Message: {
        Header,
        // @ts-expect-error two messages in one body
        Body: { SessionStopReq: { ChargingSession: 'Pause' }, ChargingStatusReq: {} },
      },
    }),
  // @ts-expect-error an abstract element
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { BodyElement: {} } } }),
  // @ts-expect-error an absent field is left out, not undefined
  () => encode(iso15118_2, { V2G_Message: { Header, Body: { AuthorizationReq: { Id: undefined } } } }),
  // @ts-expect-error fragments of global elements are typed
  () => encodeFragment(iso15118_2, 'AuthorizationReq', { GenChallenge: 'text' }),
];
