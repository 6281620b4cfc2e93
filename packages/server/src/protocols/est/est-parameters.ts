/** The parameters of EST calls, which the OPCP has in the path and the OPNC in the query. */
import { type CurveName, type Edition, editionOfNamespace } from '@plugpool/iso15118/pki';
import { refuse } from '../../kernel/domain-error.ts';
import { type CaDomain, curves, curvesOfEdition } from '../../pki/profiles.ts';

/** The prefix names the PKI of a vendor; there is one here. */
const CA_PATTERN = /^(?:\w{1,32}-)?(emsp|mo|cpo|oem|cps|veh)$/i;
/** As the OPNC writes it. */
const CA_DOMAIN_PATTERN = '^(\\w+-)?(emsp|cpo|oem|cps|veh)$';

const domains: Readonly<Record<string, CaDomain>> = {
  oem: 'oem',
  mo: 'mo',
  emsp: 'mo',
  cpo: 'cpo',
  cps: 'cps',
  veh: 'veh',
};
const editions: readonly Edition[] = ['ISO15118-2', 'ISO15118-20'];

/** One call's parameters as they came. */
export interface EstParameters {
  /** The CA in the path; where the path has none, `caDomain` of the query says which. */
  readonly ca: string | undefined;
  readonly caDomain: string | undefined;
  readonly isoVersion: string | undefined;
  /** Counts when `isoVersion` is left out. */
  readonly xsdMsgDefNamespace: string | undefined;
  readonly algorithm: string | undefined;
}

export interface EstTarget {
  readonly domain: CaDomain;
  readonly edition: Edition;
  /** `undefined` where the call names no algorithm. */
  readonly curve: CurveName | undefined;
}

/**
 * Which CA a call is for. ISO 15118-2 where it names no edition, but for `veh`, which ISO 15118-20 alone has.
 * @throws DomainError naming the parameter
 */
export function estTargetOf(parameters: EstParameters): EstTarget {
  const named = editionOf(parameters);
  const branch = parameters.ca === undefined ? branchOfQuery(parameters.caDomain) : branchOfPath(parameters.ca);
  const domain = domains[branch];
  if (domain === undefined) throw refuse('authority-not-found', branch);
  const edition = named ?? (domain === 'veh' ? 'ISO15118-20' : 'ISO15118-2');
  return { domain, edition, curve: curveOf(parameters.algorithm, edition) };
}

function branchOfPath(name: string): string {
  const branch = CA_PATTERN.exec(name)?.[1];
  if (branch === undefined) throw refuse('authority-not-found', name);
  return branch.toLowerCase();
}

function branchOfQuery(name: string | undefined): string {
  if (name === undefined || name === '') throw refuse('field-missing', 'caDomain');
  const branch = CA_PATTERN.exec(name)?.[1];
  if (branch === undefined) throw refuse('field-pattern', 'caDomain', CA_DOMAIN_PATTERN);
  return branch.toLowerCase();
}

function editionOf({ isoVersion, xsdMsgDefNamespace }: EstParameters): Edition | undefined {
  if (isoVersion !== undefined) {
    const edition = editions.find((each) => each.toLowerCase() === isoVersion.toLowerCase());
    if (edition === undefined) throw refuse('field-invalid', 'iso15118Version', `must be one of ${list(editions)}`);
    return edition;
  }
  if (xsdMsgDefNamespace === undefined) return undefined;
  const edition = editionOfNamespace(xsdMsgDefNamespace);
  if (edition === undefined) throw refuse('edition-unknown', xsdMsgDefNamespace);
  return edition;
}

function curveOf(written: string | undefined, edition: Edition): CurveName | undefined {
  if (written === undefined) return undefined;
  const curve = curves.find((each) => each === written.toLowerCase());
  if (curve === undefined) throw refuse('field-invalid', 'algorithm', `must be one of ${list(curves)}`);
  const fitting = curvesOfEdition[edition];
  if (fitting.includes(curve)) return curve;
  const known = fitting.length === 1 ? `${fitting[0]} only` : `${list(fitting)} only`;
  throw refuse('field-invalid', 'algorithm', `${edition} knows ${known}`);
}

function list(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(', ');
}
