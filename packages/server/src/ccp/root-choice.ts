/** Which of the signatures of a contract a car can verify. */
import type { StoredContract } from './stored-contract.ts';

/** An entry of ListOfRootCertificateIDs [V2G2-889]. */
export interface RootCertificateId {
  readonly X509IssuerName: string;
  readonly X509SerialNumber: bigint;
}

/**
 * One entry for each contract, in the order given: the one signed under a V2G root that the car lists, or, when it
 * lists none of them, the first. Cars write names in many ways, so the serial number decides; short ones, which two
 * roots may share, only together with the root's common name.
 */
export function dataForRoots(
  contracts: readonly StoredContract[],
  rootIds: readonly RootCertificateId[],
): StoredContract[] {
  const chosen = new Map<string, StoredContract>();
  for (const contract of contracts) {
    const before = chosen.get(contract.emaid);
    if (before === undefined) chosen.set(contract.emaid, contract);
    else if (!isListed(before, rootIds) && isListed(contract, rootIds)) chosen.set(contract.emaid, contract);
  }
  return [...chosen.values()];
}

const LEAST_UNMISTAKABLE = 2n ** 63n;

function isListed({ cpsRootSerial, cpsRootName }: StoredContract, rootIds: readonly RootCertificateId[]): boolean {
  const serial = BigInt(`0x${cpsRootSerial || '0'}`);
  return rootIds.some(
    (id) =>
      BigInt(id.X509SerialNumber) === serial &&
      (serial >= LEAST_UNMISTAKABLE || id.X509IssuerName.includes(commonNameIn(cpsRootName))),
  );
}

function commonNameIn(distinguishedName: string): string {
  return /(?:^|, )CN=([^,]*)/.exec(distinguishedName)?.[1] ?? '';
}
