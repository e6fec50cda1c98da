// This file declares the part of yauzl that is used here; the package brings no types.
declare module 'yauzl' {
  export interface Entry {
    readonly fileNameRaw: Buffer;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    readonly crc32: number;
    readonly compressionMethod: number;
    isEncrypted(): boolean;
  }

  /** A stream without an encoding: it gives buffers. */
  export interface EntryStream extends AsyncIterable<Buffer> {
    destroy(): void;
  }

  export interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<EntryStream>;
    close(): void;
  }

  export function fromBufferPromise(buffer: Buffer, options: { lazyEntries: true; decodeStrings: false }): Promise<ZipFile>;
}
