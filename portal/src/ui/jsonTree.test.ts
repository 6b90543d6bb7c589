import { describe, expect, test } from 'vitest';
import { prune } from './JsonTree';

describe('a document that is searched', () => {
  const value = { ssh: { config: { PermitRootLogin: 'no', Port: 22 } }, packages: [{ name: 'openssl' }, { name: 'curl' }] };
  test('keeps what leads to the words', () => {
    expect(prune(value, 'permitroot')).toEqual({ ssh: { config: { PermitRootLogin: 'no' } } });
    expect(prune(value, 'openssl')).toEqual({ packages: [{ name: 'openssl' }] });
    expect(prune(value, 'ssh')).toEqual({ ssh: value.ssh });
  });
  test('gives nothing when nothing has them', () => expect(prune(value, 'nowhere')).toBeUndefined());
});
