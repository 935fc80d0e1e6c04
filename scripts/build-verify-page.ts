import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PAGE = join(ROOT, 'web/verify-page');
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Makes dist/verify.html: the verifier and its page in one file that opens from a stick, without a server. esbuild
 * joins the modules, because browsers load none from `file:`. Prints the file's name.
 */
function main(): void {
  const esbuild = join(ROOT, 'node_modules/esbuild/bin/esbuild');
  const options = ['--bundle', '--format=iife', '--platform=browser', '--target=es2023', '--minify', '--charset=utf8'];
  const script = execFileSync(esbuild, [join(PAGE, 'page.ts'), ...options], { encoding: 'utf8', maxBuffer: BYTES_MAX });
  const style = readFileSync(join(PAGE, 'page.css'), 'utf8');
  const page = readFileSync(join(PAGE, 'page.html'), 'utf8')
    .replace('/*STYLE*/', () => style)
    .replace('/*SCRIPT*/', () => script.replaceAll('</script', '<\\/script'));
  const file = process.argv[2] ?? join(ROOT, 'dist/verify.html');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, page);
  console.log(file);
}

main();
