/** Text not yet sent, kept in IndexedDB so that a closed tab or an ended session loses nothing. */
const NAME = 'vedette';
const STORE = 'drafts';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB is not available'));
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The draft could not be kept'));
    });
  } finally {
    database.close();
  }
}

/** A browser without IndexedDB (private windows of some) simply keeps no drafts. */
export async function readDraft<T>(key: string): Promise<T | undefined> {
  try {
    return (await run<unknown>('readonly', (store) => store.get(key))) as T | undefined;
  } catch {
    return undefined;
  }
}

export async function keepDraft(key: string, value: unknown): Promise<void> {
  try {
    if (value === '' || value === undefined) await run('readwrite', (store) => store.delete(key));
    else await run('readwrite', (store) => store.put(value, key));
  } catch {
    // Without IndexedDB there is no draft; the text is still in the field.
  }
}
