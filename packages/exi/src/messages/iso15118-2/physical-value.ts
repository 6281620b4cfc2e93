/** A number with unit and decimal exponent (ISO 15118-2 §8.5.2). */

import { xsShort } from '../../schema/built-in-types.ts';
import { complexType, made } from '../../schema/complex-type.ts';
import { data } from './namespaces.ts';
import { unitMultiplierType, unitSymbolType } from './simple-types.ts';

export const PhysicalValueType = made(
  (Multiplier, Unit, Value) => ({ Multiplier, Unit, Value }),
  complexType(
    data.element('Multiplier', unitMultiplierType),
    data.element('Unit', unitSymbolType),
    data.element('Value', xsShort),
  ),
);
