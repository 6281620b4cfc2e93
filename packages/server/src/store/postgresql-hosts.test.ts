import { expect, test } from 'vitest';
import { hostsOf } from './postgresql-hosts.ts';

test.each([
  ['postgres://u:p%40w@one/db', ['postgres://u:p%40w@one/db']],
  [
    'postgresql://u@one:5433,two/db?sslmode=require&target_session_attrs=read-write',
    ['postgresql://u@one:5433/db?sslmode=require', 'postgresql://u@two/db?sslmode=require'],
  ],
  [
    'postgres://one,two/db?target_session_attrs=primary&application_name=x',
    ['postgres://one/db?application_name=x', 'postgres://two/db?application_name=x'],
  ],
  ['postgres://u@[::1]:5432,[::2]/db', ['postgres://u@[::1]:5432/db', 'postgres://u@[::2]/db']],
  ['no URL', ['no URL']],
])('%s', (url, hosts) => expect(hostsOf(url)).toEqual(hosts));
