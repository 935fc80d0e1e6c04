import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { saltFile, saltText } from '../../../cli/salt.js';

test('the digest is SHA-256 over salt and text, so that a court can check it by hand', () => {
  const { salt, digest } = saltText('（2026）渝0112民初1号');
  const hand = createHash('sha256').update(Buffer.from(salt, 'hex')).update('（2026）渝0112民初1号').digest('hex');
  expect(digest).toBe(hand);
  expect(salt).toMatch(/^[0-9a-f]{64}$/);
});

test('the same text has another digest each time, because the salt is drawn anew', () => {
  expect(saltText('one').digest).not.toBe(saltText('one').digest);
});

test('with its salt a text is recognised again, however it was composed or padded', () => {
  const { salt, digest } = saltText('é 7');
  expect(saltText(' e\u0301 7\n', Buffer.from(salt, 'hex')).digest).toBe(digest);
});

test('a file is salted by its bytes', async () => {
  const { salt, digest } = await saltFile('package.json');
  const bytes = readFileSync('package.json');
  expect(digest).toBe(createHash('sha256').update(Buffer.from(salt, 'hex')).update(bytes).digest('hex'));
  await expect(saltFile('no-such-file')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});
