import { expect, test } from 'vitest';
import { entityFacts, entityName } from './entities';

test('entities are called by what people know them by', () => {
  expect(entityName({ kind: 'Account', properties: { accountName: 'svc', ntDomain: 'CORP' } })).toBe('CORP\\svc');
  expect(entityName({ kind: 'Account', properties: { accountName: 'j.lind', upnSuffix: 'corp.example' } })).toBe('j.lind@corp.example');
  expect(entityName({ kind: 'Process', properties: { commandLine: 'C:\\Windows\\mshta.exe http://x' } })).toBe('mshta.exe');
  expect(entityName({ kind: 'Ip', properties: { address: '10.0.0.1' } })).toBe('10.0.0.1');
  expect(entityName({ kind: 'Unheard', properties: {}, name: 'guid' })).toBe('guid');
});
test('facts leave out what is empty', () => {
  expect(entityFacts({ kind: 'Host', properties: { hostName: 'a', osFamily: null, friendlyName: 'a', additionalData: {}, isDomainJoined: false } })).toEqual([
    ['hostName', 'a'],
    ['isDomainJoined', 'false'],
  ]);
});
