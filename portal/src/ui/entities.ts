/** What an entity is called and which facts of it matter. */
import type { Entity } from '@api/types';

function text(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : null;
}

function account(p: Record<string, unknown>): string | null {
  const name = text(p['accountName']) ?? text(p['name']) ?? text(p['displayName']);
  const domain = text(p['ntDomain']) ?? text(p['ntdomain']);
  if (name && domain) return `${domain}\\${name}`;
  const suffix = text(p['upnSuffix']);
  if (name && suffix && !name.includes('@')) return `${name}@${suffix}`;
  return name ?? text(p['sid']) ?? text(p['aadUserId']);
}

function lastPart(path: string | null): string | null {
  return path ? (path.split(/[\\/]/).filter(Boolean).pop() ?? path) : null;
}

function processName(p: Record<string, unknown>): string | null {
  const image = p['imageFile'];
  const fromFile = typeof image === 'object' && image !== null ? text((image as Record<string, unknown>)['name']) : null;
  const command = text(p['commandLine']);
  return fromFile ?? lastPart(text(p['friendlyName'])) ?? lastPart(command?.split(/\s+/)[0] ?? null) ?? text(p['processId']);
}

const NAMERS: Record<string, (p: Record<string, unknown>) => string | null> = {
  Account: account,
  Host: (p) => text(p['hostName']) ?? text(p['netBiosName']),
  Ip: (p) => text(p['address']),
  Process: processName,
  File: (p) => text(p['fileName']) ?? text(p['name']),
  FileHash: (p) => text(p['hashValue']) ?? text(p['value']),
  Url: (p) => text(p['url']),
  RegistryKey: (p) => [text(p['hive']), text(p['key'])].filter(Boolean).join('\\') || null,
  DnsResolution: (p) => text(p['domainName']),
  AzureResource: (p) => lastPart(text(p['resourceId'])),
  CloudApplication: (p) => text(p['appName']) ?? text(p['name']),
};

export function entityName(entity: Entity): string {
  const named = NAMERS[entity.kind]?.(entity.properties);
  return named || text(entity.properties['friendlyName']) || entity.name || entity.kind;
}

/** Facts worth showing: plain values, without what the name already says and without ids of the store. */
export function entityFacts(entity: Entity): [string, string][] {
  const skip = new Set(['friendlyName', 'additionalData']);
  const facts: [string, string][] = [];
  for (const [key, value] of Object.entries(entity.properties)) {
    if (skip.has(key) || value === null || value === '') continue;
    if (typeof value === 'object') {
      if (Object.keys(value).length > 0) facts.push([key, JSON.stringify(value)]);
    } else facts.push([key, String(value)]);
  }
  return facts;
}
