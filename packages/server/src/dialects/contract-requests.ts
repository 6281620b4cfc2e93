/** Requests about contracts that the dialects spell alike, but for the pattern of an EMAID. */
import type { Static } from 'typebox';
import type { ProvideContract } from '../ccp/contract-certificate-pool.ts';
import type { InstallByRequest } from '../ccp/install-by-request.ts';
import type { ContractFilter } from '../ccp/stored-contract.ts';
import type { ContractOrder } from '../cps/contract-data.ts';
import type { EMAID_PATTERNS } from '../kernel/patterns.ts';
import {
  editionField,
  emaidField,
  emaidText,
  exiField,
  fingerprintField,
  instantField,
  pcidField,
  sessionIdField,
} from './request-fields.ts';
import type { ContractQuery, generateBody, InstallBody, ProvideQuery } from './request-shapes.ts';

type EmaidForm = keyof typeof EMAID_PATTERNS;

/** How a reading of the contract pool is narrowed; to ISO 15118-2 without any parameter. */
export function contractFilter(query: Static<typeof ContractQuery>): ContractFilter {
  return { edition: editionField(query.xsdMsgDefNamespace), ...cpsRootOf(query) };
}

export function contractToProvide(
  params: { readonly emaid: string; readonly pcid: string },
  query: Static<typeof ProvideQuery>,
  form: EmaidForm,
): ProvideContract {
  const sessionId = sessionIdField(query.sessionID);
  return {
    emaid: emaidField(params.emaid, form),
    pcid: pcidField(params.pcid),
    ...contractFilter(query),
    ...(sessionId && { sessionId }),
  };
}

export function contractOrder(body: Static<ReturnType<typeof generateBody>>, form: EmaidForm): ContractOrder {
  const { moRootCertificateFingerprint: moRoot, metaData } = body;
  return {
    edition: editionField(body.xsdMsgDefNamespace),
    emaid: emaidField(body.emaid, form),
    commonName: emaidText(body.emaid, form),
    pcid: pcidField(body.pcid),
    begins: instantField(body.contractBegins, 'contractBegins'),
    ends: instantField(body.contractEnds, 'contractEnds'),
    ...cpsRootOf(body),
    ...(moRoot && { moRoot: fingerprintField(moRoot, 'moRootCertificateFingerprint') }),
    ...(metaData !== undefined && { metaData }),
  };
}

export function installRequest(
  body: Static<typeof InstallBody>,
  contracts: InstallByRequest['contracts'],
): InstallByRequest {
  const edition = editionField(body.xsdMsgDefNamespace);
  return { edition, exi: exiField(body.certificateInstallationReq, 'certificateInstallationReq'), contracts };
}

/** The V2G root that the CPS signed or shall sign under, where the request names one. */
export function cpsRootOf(named: {
  readonly cpsV2GRootCertificateFingerprint?: string;
}): Pick<ContractFilter, 'cpsRoot'> {
  const { cpsV2GRootCertificateFingerprint: text } = named;
  return text === undefined ? {} : { cpsRoot: fingerprintField(text, 'cpsV2GRootCertificateFingerprint') };
}

/** In either spelling. */
export function metaDataOf(body: { readonly metaData?: string; readonly metadata?: string }): string | undefined {
  return body.metaData ?? body.metadata;
}
