'use strict';
// Suites that run the real thing wait for processes and disks; Jest knows this bound per file or for all suites only.
jest.setTimeout(60_000);
