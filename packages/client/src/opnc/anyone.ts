import { type Certificate, type Edition, editionOfNamespace } from '@plugpool/iso15118';
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { type CertificateChain, fromOpncChain } from './certificate-chain.ts';
import type { CallOptions, EstTarget, OpncCalls } from './opnc-calls.ts';

/** What every party may read. */
export interface Anyone {
  roots(options?: CallOptions & { readonly type?: RootType }): Promise<RootCertificate[]>;
  root(id: string, options?: CallOptions): Promise<RootCertificate>;
  cpsCertificates(options?: CallOptions): Promise<CpsCertificate[]>;
  /** The CAs that issue to a role: sub CA 2, sub CA 1, root. */
  caCertificates(target: EstTarget, options?: CallOptions): Promise<Certificate[]>;
}

/** As the OPNC names them. */
export type RootType = 'eMSP' | 'V2G' | 'OEM' | 'PE';

export interface RootCertificate {
  readonly id: string;
  readonly certificate: Certificate;
  readonly types: readonly string[];
  readonly ctlList: readonly string[];
}

export interface CpsCertificate extends CertificateChain {
  readonly edition: Edition | undefined;
  readonly v2gRootFingerprint: string;
  readonly v2gRootName: string;
}

export function anyone({ json, caCertificates }: OpncCalls): Anyone {
  return {
    async roots({ type, signal } = {}) {
      const answer = await json({
        method: 'GET',
        path: '/rcp/rootcertificates',
        query: { pkiType: type?.toLowerCase() },
        signal,
      });
      return answer.at('rootCertificateCollection').list(rootCertificate);
    },

    async root(id, { signal } = {}) {
      const answer = await json({ method: 'GET', path: pathOf`/rcp/rootcertificates/${id}`, signal });
      // The reference spells the field with three o; servers answer with either.
      return answer.optional('rootCertificate', rootCertificate) ?? rootCertificate(answer.at('roootCertificate'));
    },

    async cpsCertificates({ signal } = {}) {
      const answer = await json({ method: 'GET', path: '/cps/cpsCertificates', signal });
      return answer.at('cpsCertificateDataCollection').list((data) => ({
        ...fromOpncChain(data.at('cpsCertificateChain')),
        edition: data.optional('xsdMsgDefNamespace', (field) => editionOfNamespace(field.text())),
        v2gRootFingerprint: data.at('cpsV2GRootCertificateFingerprint').text(),
        v2gRootName: data.at('cpsV2GRootDistinguishedName').text(),
      }));
    },

    caCertificates,
  };
}

function rootCertificate(root: JsonAnswer): RootCertificate {
  const texts = (key: string) => root.optional(key, (field) => field.list((entry) => entry.text()));
  const type = root.optional('rootType', (field) => field.text());
  return {
    id: root.at('rootCertificateId').text(),
    certificate: root.at('caCertificate').certificate(),
    types: texts('rootTypeList') ?? (type === undefined ? [] : [type]),
    ctlList: texts('rootCtlList') ?? [],
  };
}
