/** `npm run postman:environment -- [URL] [FILE]`: an environment with a car and contracts for one server. */
import { writeFile } from 'node:fs/promises';
import { written } from './files.ts';
import { environmentOf, prepareVariables } from './variables.ts';

const [url = 'http://127.0.0.1:8080', file = 'plugpool-prepared.postman_environment.json'] = process.argv.slice(2);
const { PLUGPOOL_CLIENT_ID: clientId, PLUGPOOL_CLIENT_SECRET: clientSecret } = process.env;
const client = clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
const variables = await prepareVariables(url.replace(/\/+$/, ''), client);
await writeFile(file, written(environmentOf(variables)), { mode: 0o600 });
process.stdout.write(`${file}: car ${variables.pcid}, contracts ${variables.emaid} and ${variables.secondEmaid}
newman run postman/opnc.postman_collection.json -e ${file} --folder "The life of a contract"
`);
