import { describe, expect, test } from 'vitest';
import { SubCertificatesType } from '../messages/iso15118-2/certificates.ts';
import { MessageHeaderType } from '../messages/iso15118-2/header.ts';
import { BodyType } from '../messages/iso15118-2/message.ts';
import { ParameterType } from '../messages/iso15118-2/services.ts';
import { CanonicalizationMethodType, SignatureMethodType, TransformType } from '../messages/xmldsig/algorithms.ts';
import { DSAKeyValueType, KeyInfoType, PGPDataType, SPKIDataType } from '../messages/xmldsig/key-info.ts';
import { SignatureValueType } from '../messages/xmldsig/signature.ts';
import type { ComplexType } from '../schema/complex-type.ts';
import { grammarOf } from './element-grammar.ts';
import type { State } from './grammar.ts';
import { offers } from './offers.ts';

/** `width: production production …`, each at the position of its code. */
function printed(state: State): string {
  return `${state.width}: ${offers(state).join(' | ')}`;
}

/** The states on the way through the given fields, first to last. */
function statesOf(type: ComplexType, ...keys: string[]): string[] {
  const grammar = grammarOf(type);
  if (grammar.kind === 'simple') throw new Error('a simple type has no states');
  let state = grammar.start;
  const states = [printed(state)];
  for (const key of keys) {
    const production = state.productions.find((one) => one.event === 'field' && one.field.key === key);
    if (production?.event !== 'field') throw new Error(`no ${key} in ${printed(state)}`);
    state = production.next();
    states.push(printed(state));
  }
  return states;
}

describe('event codes', () => {
  test('an optional element is one alternative with all that may follow', () => {
    expect(statesOf(MessageHeaderType, 'SessionID', 'Notification', 'Signature')).toEqual([
      '1: SessionID',
      '2: Notification | Signature | end of element',
      '2: Signature | end of element',
      '1: end of element',
    ]);
  });

  test('a substitution group has a code for each member, the abstract head among them', () => {
    const [state = ''] = statesOf(BodyType);
    expect(state).toMatch(/^6: AuthorizationReq \| AuthorizationRes \| BodyElement \| CableCheckReq /);
    expect(state).toMatch(/ \| WeldingDetectionRes \| end of element$/);
    expect(state.split(' | ')).toHaveLength(36);
  });

  test('a list has a state for each occurrence; after the last the element is gone', () => {
    const four = Array.from({ length: 4 }, () => 'Certificate');
    expect(statesOf(SubCertificatesType, ...four)).toEqual([
      '1: Certificate',
      '2: Certificate | end of element',
      '2: Certificate | end of element',
      '2: Certificate | end of element',
      '1: end of element',
    ]);
  });

  test('nothing comes beside a required attribute', () => {
    expect(statesOf(ParameterType, 'Name', 'byteValue')).toEqual([
      '1: Name',
      '3: boolValue | byteValue | shortValue | intValue | physicalValue | stringValue',
      '1: end of element',
    ]);
  });

  test('simple content with an optional attribute', () => {
    expect(statesOf(SignatureValueType, 'Id', 'value')).toEqual(['2: Id | value', '1: value', '1: end of element']);
    expect(statesOf(SignatureValueType, 'value')).toEqual(['2: Id | value', '1: end of element']);
  });

  test('mixed content: elements, wildcard, end, text', () => {
    expect(statesOf(CanonicalizationMethodType, 'Algorithm')).toEqual([
      '1: Algorithm',
      '2: any element | end of element | text between elements',
    ]);
    expect(statesOf(SignatureMethodType, 'Algorithm').at(-1)).toBe(
      '3: HMACOutputLength | any element | end of element | text between elements',
    );
    expect(statesOf(TransformType, 'Algorithm', 'XPath').at(-1)).toBe(
      '3: XPath | any element | end of element | text between elements',
    );
  });

  test('a repeated choice loops, an optional group is entered whole', () => {
    const keyInfo = 'KeyName | KeyValue | RetrievalMethod | X509Data | PGPData | SPKIData | MgmtData | any element';
    expect(statesOf(KeyInfoType, 'KeyName', 'MgmtData')).toEqual([
      `4: Id | ${keyInfo} | text between elements`,
      `4: ${keyInfo} | end of element | text between elements`,
      `4: ${keyInfo} | end of element | text between elements`,
    ]);
    expect(statesOf(DSAKeyValueType, 'P', 'Q', 'G', 'Y', 'Seed', 'PgenCounter')).toEqual([
      '2: P | G | Y',
      '1: Q',
      '2: G | Y',
      '1: Y',
      '2: J | Seed | end of element',
      '1: PgenCounter',
      '1: end of element',
    ]);
    expect(statesOf(SPKIDataType, 'SPKISexp').at(-1)).toBe('2: SPKISexp | any element | end of element');
    expect(statesOf(PGPDataType, 'PGPKeyPacket').at(-1)).toBe('2: any element | end of element');
  });

  test('equal remainders of a loop are one state', () => {
    const grammar = grammarOf(KeyInfoType);
    if (grammar.kind === 'simple') throw new Error('KeyInfo is complex');
    const after = (state: State, key: string): State | undefined => {
      const production = state.productions.find((one) => one.event === 'field' && one.field.key === key);
      return production?.event === 'field' ? production.next() : undefined;
    };
    const first = after(grammar.start, 'KeyName');
    expect(first && after(first, 'MgmtData')).toBe(first);
  });

  test('a grammar is made once for a type', () => {
    expect(grammarOf(KeyInfoType)).toBe(grammarOf(KeyInfoType));
  });
});
