import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const outDir = fileURLToPath(new URL('dist/web', import.meta.url));
/** Smaller files gain nothing. */
const COMPRESSED_BYTES_MIN = 1_024;

/** Lays `.br` and `.gz` beside each file, so that the gateway compresses nothing while somebody waits. */
const compressed = {
  name: 'compressed',
  closeBundle() {
    for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(js|css|svg)$/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      if (bytes.length < COMPRESSED_BYTES_MIN) continue;
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    }
  },
};

/** Where the component library keeps what its barrel files give out. */
const HOMES = {
  antd: (name) => `antd/es/${name.replace(/([a-z])([A-Z])|(QR)(C)/g, '$1$3-$2$4').toLowerCase()}`,
  '@ant-design/icons': (name) => `@ant-design/icons/es/icons/${name}`,
};

/**
 * Imports components from their own files. Through the barrel file, which the first page loads, every component that
 * any page uses would be part of the first load.
 */
const ownFiles = {
  name: 'own-files',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/web\/src\/.*\.tsx?$/.test(id)) return undefined;
    return code.replace(/import \{([^}]+)\} from '(antd|@ant-design\/icons)';/g, (_, names, from) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => {
          const [imported, local = imported] = name.split(/ as /);
          return `import ${local} from '${HOMES[from](imported)}';`;
        })
        .join(' '),
    );
  },
};

/**
 * Builds the pages into dist/web: one HTML file, hashed scripts and styles beside it. No inline script and no `data:`
 * asset, because the gateway's policy allows neither.
 * @type {import('vite').UserConfig}
 */
export default {
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/',
  logLevel: 'warn',
  plugins: [ownFiles, compressed],
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    // Chromium of two years ago: the pages are for managed desktops that lag behind.
    target: 'chrome132',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_200,
    // The component library marks its files for servers that draw pages; nothing here does.
    rolldownOptions: {
      onLog: (level, log, pass) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') pass(level, log);
      },
    },
  },
  // `npx vite` while writing pages; GATEWAY names a gateway that runs.
  server: { host: '127.0.0.1', proxy: { '/v1': process.env.GATEWAY ?? 'http://127.0.0.1:20004' } },
};
