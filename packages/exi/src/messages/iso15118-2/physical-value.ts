/** A number with unit and decimal exponent (ISO 15118-2 §8.5.2). */

import { xsShort } from '../../schema/built-in-types.ts';
import { record } from '../../schema/complex-type.ts';
import { data } from './namespaces.ts';
import { unitMultiplierType, unitSymbolType } from './simple-types.ts';

export const PhysicalValueType = record(
  (Multiplier, Unit, Value) => ({ Multiplier, Unit, Value }),
  data.element('Multiplier', unitMultiplierType),
  data.element('Unit', unitSymbolType),
  data.element('Value', xsShort),
);
