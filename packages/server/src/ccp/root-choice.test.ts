import { parseEmaid, parseFingerprint, parsePcid } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { dataForRoots } from './root-choice.ts';
import type { StoredContract } from './stored-contract.ts';

function under(rootName: string, serial: string, emaid = 'DEPPLC12345678'): StoredContract {
  return {
    emaid: parseEmaid(emaid),
    shownEmaid: emaid,
    pcid: parsePcid('WMI12345678901234'),
    shownPcid: 'WMI12345678901234',
    edition: 'ISO15118-2',
    isDefault: true,
    contractCertificate: new Uint8Array(),
    contractFingerprint: parseFingerprint('00'.repeat(32)),
    validFrom: 0,
    validTo: 1,
    cpsRootFingerprint: parseFingerprint('11'.repeat(32)),
    cpsRootName: `CN=${rootName}, DC=V2G, O=plugpool, C=DE`,
    cpsRootSerial: serial,
    installationRes: new Uint8Array(),
  };
}

const long = { a: '6b1ec921d1e08ac8d6a3779f1955fac4', b: '5a1ec921d1e08ac8d6a3779f1955fac4' };
const listed = (name: string, serial: string) => ({ X509IssuerName: name, X509SerialNumber: BigInt(`0x${serial}`) });

describe('data for the roots of a car', () => {
  const contracts = [under('Root A', long.a), under('Root B', long.b)];

  test('ok/the listed root, however its name is written', () => {
    expect(dataForRoots(contracts, [listed('whatever the car writes', long.b)])).toEqual([contracts[1]]);
  });

  test('ok/the first in the pool of several listed', () => {
    const both = [listed('', long.b), listed('', long.a)];
    expect(dataForRoots(contracts, both)).toEqual([contracts[0]]);
  });

  test('ok/none listed gives the first', () => {
    expect(dataForRoots(contracts, [listed('Root C', '01')])).toEqual([contracts[0]]);
  });

  test('ok/a short serial number counts together with the name only', () => {
    const short = [under('Root A', '03'), under('Root B', '03')];
    expect(dataForRoots(short, [listed('CN=Root B,DC=V2G', '03')])).toEqual([short[1]]);
    expect(dataForRoots(short, [listed('CN=Root C,DC=V2G', '03')])).toEqual([short[0]]);
  });

  test('ok/one entry for each contract, in the order of the pool', () => {
    const second = [under('Root A', long.a, 'DEPPLC87654321'), under('Root B', long.b, 'DEPPLC87654321')];
    expect(dataForRoots([...contracts, ...second], [listed('', long.b)])).toEqual([contracts[1], second[1]]);
  });
});
