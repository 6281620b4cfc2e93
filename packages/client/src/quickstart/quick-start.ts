/**
 * The quick start of 2018: a part of what became the OPCP, in the same shapes under another prefix. The CPS answers with
 * nothing and stores what it signed.
 */
import type { Call } from '../http/http-caller.ts';
import { jsonBody } from '../http/json-body.ts';
import { toBase64 } from '../http/octets.ts';
import { opcp } from '../opcp/opcp.ts';
import type { RootCertificate, RootType } from '../roles/anyone.ts';
import type { SentCertificate } from '../roles/certificate-chain.ts';
import { type Dialect, nothing, type Spelling } from '../roles/dialect.ts';
import type { ContractData } from '../roles/emsp.ts';
import { certificateText, namespaceText } from '../roles/wire-values.ts';

const PREFIX = '/HubjectWS/webresources/v1';

/** The operations that it has. Roots cannot be asked for by type: all of them come. */
export interface QuickStart<C extends SentCertificate>
  extends Pick<
    Dialect<C>,
    'root' | 'publishVehicle' | 'vehicle' | 'depublishVehicle' | 'installByRequest' | 'enrol' | 'caCertificates'
  > {
  readonly roots: Spelling<RootType | undefined, RootCertificate<C>[], C>;
  readonly forwardContractData: Spelling<ContractData, void, C>;
  readonly withdraw: Spelling<string, void, C>;
}

export function quickStart<C extends SentCertificate>(): QuickStart<C> {
  const inherited = opcp<C>();
  return {
    roots: { ...prefixed(inherited.roots), call: () => ({ method: 'GET', path: `${PREFIX}/root/rootCerts` }) },
    root: prefixed(inherited.root),
    publishVehicle: prefixed(inherited.publishVehicle),
    vehicle: prefixed(inherited.vehicle),
    depublishVehicle: prefixed(inherited.depublishVehicle),
    forwardContractData: {
      call: (data) => ({
        method: 'PUT',
        path: `${PREFIX}/cps/forward/signedContractData`,
        body: forwardBody(data),
      }),
      read: nothing,
    },
    installByRequest: prefixed(inherited.installByRequest),
    withdraw: {
      call: (emaid) => {
        const { method, path } = prefixed(inherited.withdraw).call({ emaid, skipRevocation: false });
        return { method, path };
      },
      read: nothing,
    },
    enrol: inherited.enrol,
    caCertificates: inherited.caCertificates,
  };
}

/** `/v1/…` of the OPCP. */
function prefixed<I, O, C>({ call, read }: Spelling<I, O, C>): Spelling<I, O, C> {
  return {
    call(input) {
      const written = call(input);
      return { ...written, path: written.path.replace(/^\/v1/, PREFIX) };
    },
    read,
  };
}

function forwardBody({ emaid, pcid, edition, contractChain, ...data }: ContractData): NonNullable<Call['body']> {
  const { certificate, subCa1, subCa2 } = contractChain;
  return jsonBody({
    contractData: {
      emaid,
      contractSignatureCertChain: {
        contractSignatureCertChainCertificate: certificateText(certificate),
        contractSignatureCertChainSubCertificates: [subCa2, subCa1].flatMap((subCa) => certificateText(subCa) ?? []),
      },
      contractSignatureEncryptedPrivateKey: toBase64(data.encryptedPrivateKey),
      dHpublickey: toBase64(data.dhPublicKey),
    },
    emaid,
    pcid,
    xsdMsgDefNamespace: namespaceText(edition),
    cpsV2GRootCertificateFingerprint: data.cpsRootFingerprint,
  });
}
