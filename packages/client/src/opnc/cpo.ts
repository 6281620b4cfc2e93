import { type Edition, namespaceOfEdition } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import { JsonAnswer } from '../http/json-answer.ts';
import { base64 } from './certificate-chain.ts';
import { type CallOptions, jsonBody, type OpncCalls } from './opnc-calls.ts';
import { fromOpncSignedContractData, type SignedContractData } from './signed-contract-data.ts';

/** The backend of a charge point operator. */
export interface Cpo {
  /**
   * Passes on what a car sent, and gives what shall go back to it. A failure that comes with an EXI answer for the car
   * is `delivered: false` and no `CallError`, because the charger has something to send.
   */
  installByRequest(request: InstallRequest, options?: CallOptions): Promise<InstallAnswer>;
}

export interface InstallRequest {
  readonly edition: Edition;
  /** CertificateInstallationReq as EXI. */
  readonly installationReq: Uint8Array;
  /** `false`: failures come as the error body with its texts. The ecosystem's default is `true`. */
  readonly alwaysReturnExi?: boolean;
}

export interface InstallAnswer {
  readonly delivered: boolean;
  readonly status: number;
  /** At least one; one failure response when nothing was delivered. */
  readonly responses: readonly SignedContractData[];
}

const path = '/ccp/signedcontractdata';

export function cpo({ send }: OpncCalls): Cpo {
  return {
    async installByRequest({ edition, installationReq, alwaysReturnExi }, { signal } = {}) {
      const body = jsonBody({
        certificateInstallationReq: base64(installationReq),
        xsdMsgDefNamespace: namespaceOfEdition(edition),
      });
      const headers = alwaysReturnExi === undefined ? {} : { alwaysReturnEXI: String(alwaysReturnExi) };
      try {
        const answer = await send({ method: 'POST', path, headers, body, signal });
        return { delivered: true, status: answer.status, responses: responsesIn(answer.body) };
      } catch (error) {
        if (!(error instanceof CallError) || error.status === undefined || error.body === undefined) throw error;
        if (error.errorMessages.length > 0 || !hasResponses(error.body)) throw error;
        return { delivered: false, status: error.status, responses: responsesIn(error.body) };
      }
    },
  };
}

function responsesIn(body: Uint8Array): SignedContractData[] {
  const call = `POST /opnc/v1${path}`;
  const responses = JsonAnswer.of(call, body).at('signedContractDataCollection').list(fromOpncSignedContractData);
  if (responses.length === 0) throw new CallError('bad-answer', call, 'the answer holds no response for the car');
  return responses;
}

function hasResponses(body: Uint8Array): boolean {
  return Buffer.from(body).includes('"certificateInstallationRes"');
}
