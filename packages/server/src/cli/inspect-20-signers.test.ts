/** Signed messages of ISO 15118-20 that install nothing: who signs which element of them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { inspected } from '../../test/inspected.ts';
import {
  emaid,
  encoded,
  madeAt,
  type Parties20,
  parties20,
  signedHeader,
  unsignedHeader,
} from '../../test/messages-20.ts';
import { inspectionJson } from './inspection/inspection-json.ts';

let p521: Parties20;
let p256: Parties20;

beforeAll(async () => {
  [p521, p256] = await Promise.all([parties20('secp521r1'), parties20('secp256r1')]);
});

const chainOf = ({ contract }: Parties20) => ({
  Certificate: contract.certificate.der,
  SubCertificates: { Certificate: [contract.subCa2.certificate.der, contract.subCa1.certificate.der] },
});
const mode = () => ({ Id: 'a1', GenChallenge: new Uint8Array(16), ContractCertificateChain: chainOf(p521) });
const metering = {
  Id: 'm1',
  SessionID: unsignedHeader.SessionID,
  MeterInfo: { MeterID: 'meter', ChargedEnergyReadingWh: 1n, MeterTimestamp: unsignedHeader.TimeStamp },
  Dynamic_SMDTControlMode: {},
};
const authorization = async (signed: boolean) => {
  const value = mode();
  const header = { a1: { name: 'PnC_AReqAuthorizationMode', value } };
  return encoded({
    AuthorizationReq: {
      Header: signed ? await signedHeader(p521.contract.signer, header) : unsignedHeader,
      SelectedAuthorizationService: 'PnC',
      PnC_AReqAuthorizationMode: value,
    },
  });
};
const confirmation = async () =>
  encoded({
    MeteringConfirmationReq: {
      Header: await signedHeader(p521.contract.signer, { m1: { name: 'SignedMeteringData', value: metering } }),
      SignedMeteringData: metering,
    },
  });

test('AuthorizationReq: signed by the leaf of its contract chain', async () => {
  const result = inspected(await authorization(true));
  expect(inspectionJson(result)).toMatchObject({
    signature: { valid: true, signer: `CN=${emaid}, DC=MO, O=Own PKI, C=DE` },
    chains: [{ element: 'ContractCertificateChain' }],
    problems: [],
  });
  expect(result.text).toContain("signer's certificate: in ContractCertificateChain");
});

test('AuthorizationReq: has to be signed for Plug & Charge, not outside of it', async () => {
  expect(inspected(await authorization(false)).codes).toEqual(['no-signature']);
  const AuthorizationReq = {
    Header: unsignedHeader,
    SelectedAuthorizationService: 'EIM',
    EIM_AReqAuthorizationMode: {},
  } as const;
  expect(inspected(encoded({ AuthorizationReq })).codes).toEqual([]);
});

test('MeteringConfirmationReq: open without the contract certificate, verified with it', async () => {
  const open = inspected(await confirmation());
  expect(open.signature).toMatchObject({ valid: null, signer: null, references: [{ uri: '#m1', valid: true }] });
  expect(open.codes).toEqual(['signer-unknown']);
  expect(open.text).toContain(`MeterTimestamp: ${madeAt / 1000} (2026-06-01T12:00:00Z)`);
  const verified = inspected(await confirmation(), { signer: p521.contract.certificate });
  expect(verified.signature?.valid).toBe(true);
  expect(verified.codes).toEqual([]);
  const another = inspected(await confirmation(), { signer: p521.oem.certificate });
  expect(another.codes).toEqual(['signature-mismatch']);
});

test('a signer on a curve of the other edition: digests are told all the same', async () => {
  const result = inspected(await confirmation(), { signer: p256.contract.certificate });
  expect(result.signature).toMatchObject({
    valid: false,
    references: [{ element: 'SignedMeteringData', valid: true }],
  });
  expect(result.codes).toEqual(['wrong-curve']);
});

describe('ScheduleExchangeRes with price schedules', () => {
  const schedule = (Id: string) => ({
    TimeAnchor: unsignedHeader.TimeStamp,
    PriceScheduleID: 1,
    Id,
    Currency: 'EUR',
    Language: 'en',
    PriceAlgorithm: 'urn:iso:std:iso:15118:-20:PriceAlgorithm:1-Power',
    PriceRuleStacks: {
      PriceRuleStack: [
        {
          Duration: 60,
          PriceRule: [{ EnergyFee: { Exponent: 0, Value: 1 }, PowerRangeStart: { Exponent: 0, Value: 0 } }],
        },
      ],
    },
  });
  const tuple = (ScheduleTupleID: number, Id: string) => ({
    ScheduleTupleID,
    ChargingSchedule: {
      PowerSchedule: {
        TimeAnchor: unsignedHeader.TimeStamp,
        PowerScheduleEntries: {
          PowerScheduleEntry: [{ Duration: 60, Power: { Exponent: 3, Value: 11 } }],
        },
      },
      AbsolutePriceSchedule: schedule(Id),
    },
  });
  const exchange = async (ids: readonly string[], signed: readonly string[]) => {
    const elements = signed.map((id) => [id, { name: 'AbsolutePriceSchedule', value: schedule(id) }] as const);
    return encoded({
      ScheduleExchangeRes: {
        Header: await signedHeader(p521.contract.subCa2.signer, Object.fromEntries(elements)),
        ResponseCode: 'OK',
        EVSEProcessing: 'Finished',
        Scheduled_SEResControlMode: { ScheduleTuple: ids.map((id, index) => tuple(index + 1, id)) },
      },
    });
  };

  test('signed by the mobility operator, whose certificate is given', async () => {
    const exi = await exchange(['p1', 'p2'], ['p1', 'p2']);
    const result = inspected(exi, { signer: p521.contract.subCa2.certificate });
    expect(result.signature).toMatchObject({
      valid: true,
      references: [
        { uri: '#p1', element: 'AbsolutePriceSchedule', valid: true },
        { uri: '#p2', element: 'AbsolutePriceSchedule', valid: true },
      ],
    });
    expect(result.codes).toEqual([]);
    expect(inspected(exi).codes).toEqual(['signer-unknown']);
  });

  test('one of them left out of the signature', async () => {
    const exi = await exchange(['p1', 'p2'], ['p2']);
    const { signature, textOf, codes } = inspected(exi, { signer: p521.contract.subCa2.certificate });
    expect(signature?.valid).toBe(true);
    expect(codes).toEqual(['element-not-signed']);
    expect(textOf('element-not-signed')).toMatch('AbsolutePriceSchedule has the Id "p1" and is not signed');
  });
});
