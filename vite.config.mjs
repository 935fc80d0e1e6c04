import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { OLDEST_CHROMIUM } from './web/oldest-chromium.mjs';

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

/** Families of the component library's classes that the pages use: a component's own, and of what it is made of. */
const FAMILIES = [
  ...['alert', 'app', 'badge', 'btn', 'checkbox', 'flex', 'form', 'input', 'modal', 'pagination', 'popconfirm'],
  ...['progress', 'qrcode', 'radio', 'result', 'select', 'skeleton', 'spin', 'tag'],
  ...['col', 'empty', 'popover', 'row', 'space', 'tooltip', 'wave', 'fade', 'move', 'slide', 'zoom'],
];
/** Components whose family is not called as they are; {@link ownFiles} refuses one whose family is missing. */
const CLASSES = { Button: 'btn', InputNumber: 'input', ConfigProvider: 'app' };
/** Columns of a grid that no page has, and variables for other themes. */
const UNUSED = /^\.(ant-col-(\d|xs|sm|md|lg|xl|xxl)|css-var-|data-ant)/;

/** @returns the rules that begin with a family's class or with none, those within `@media` too */
function keepUsed(css) {
  const kept = [];
  for (let at = 0, open = css.indexOf('{'); open !== -1; open = css.indexOf('{', at)) {
    const head = css.slice(at, open).trim();
    let depth = 1;
    let end = open + 1;
    for (; depth > 0 && end < css.length; end += 1) depth += css[end] === '{' ? 1 : css[end] === '}' ? -1 : 0;
    const body = css.slice(open + 1, end - 1);
    at = end;
    if (/^@(media|supports|container)/.test(head)) {
      const inner = keepUsed(body);
      if (inner !== '') kept.push(`${head}{${inner}}`);
    } else if (!UNUSED.test(head) && FAMILIES.includes(/\.ant-([a-z]+)/.exec(head)?.[1] ?? FAMILIES[0])) {
      kept.push(`${head}{${body}}`);
    }
  }
  return kept.join('');
}

/** Takes of the component library's styles, 1 MB, what the pages use. */
const usedStyles = {
  name: 'used-styles',
  enforce: 'pre',
  transform(code, id) {
    return /\/antd\/dist\/antd\.css$/.test(id) ? keepUsed(code) : undefined;
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
          const family = CLASSES[imported] ?? imported.toLowerCase();
          if (from === 'antd' && /^[A-Z]/.test(imported) && !FAMILIES.includes(family))
            throw new Error(`${id}: FAMILIES lacks ${family}`);
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
  plugins: [ownFiles, usedStyles, compressed],
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    // The pages are for managed desktops that lag behind.
    target: `chrome${OLDEST_CHROMIUM}`,
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
