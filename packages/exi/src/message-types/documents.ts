/** What `decode` gives and `encode` takes, for each schema set. */

import type { appProtocol } from '../messages/app-protocol/set.ts';
import type { iso15118_2 } from '../messages/iso15118-2/set.ts';
import type { iso15118_20Common } from '../messages/iso15118-20-common/set.ts';
import type { xmldsig } from '../messages/xmldsig/set.ts';
import type { DocumentOf, ElementOf } from '../schema/schema-set.ts';

/** A document of ISO 15118-2; messages are in `V2G_Message`. */
export type Iso15118_2Document = DocumentOf<typeof iso15118_2>;

/** A document of ISO 15118-20, common messages. */
export type Iso15118_20CommonDocument = DocumentOf<typeof iso15118_20Common>;

/** A document of the handshake. */
export type AppProtocolDocument = DocumentOf<typeof appProtocol>;

/** A document of the XML signature schema alone. */
export type XmldsigDocument = DocumentOf<typeof xmldsig>;

/** A message of ISO 15118-2: header, and a body with one message in it. */
export type V2gMessage = ElementOf<typeof iso15118_2, 'V2G_Message'>;

/** The vehicle lists the protocols that it speaks, each with a priority, 1 the highest. */
export type SupportedAppProtocolReq = ElementOf<typeof appProtocol, 'supportedAppProtocolReq'>;

/** The charger chooses one of them by its `SchemaID`. */
export type SupportedAppProtocolRes = ElementOf<typeof appProtocol, 'supportedAppProtocolRes'>;
