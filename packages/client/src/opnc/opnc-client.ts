/** Clients of an ecosystem that speaks the OPNC, one for each role, over one connection. */
import { type HttpCallerOptions, httpCaller } from '../http/http-caller.ts';
import { type Anyone, anyone } from './anyone.ts';
import { type Cpo, cpo } from './cpo.ts';
import { type Emsp, emsp } from './emsp.ts';
import { type Oem, oem } from './oem.ts';
import { opncCalls } from './opnc-calls.ts';

export interface OpncClient {
  readonly anyone: Anyone;
  readonly oem: Oem;
  readonly emsp: Emsp;
  readonly cpo: Cpo;
}

/** Every operation of the clients fails with a `CallError`. */
export function opncClient(options: HttpCallerOptions): OpncClient {
  const calls = opncCalls(httpCaller(options));
  return { anyone: anyone(calls), oem: oem(calls), emsp: emsp(calls), cpo: cpo(calls) };
}
