import { describeInChromium } from '../support/browser/chromium.js';
import { Stage } from '../support/browser/stage.js';
import { describeAudit } from './pages/audit.js';
import { describeClerk } from './pages/clerk.js';
import { describeCrossRegion } from './pages/cross-region.js';
import { describeFrame } from './pages/frame.js';
import { describeHostile } from './pages/hostile.js';
import { describeIssuing } from './pages/issuing.js';
import { describeIssuingActs } from './pages/issuing-acts.js';
import { describeLicence } from './pages/licence.js';
import { describeOffice } from './pages/office.js';
import { describeTour } from './pages/tour.js';
import { describeVerify } from './pages/verify.js';

// The long version has its own bound (`scripts/soak pages`).
jest.setTimeout(process.env['YINZHENG_PAGE_FILES'] === undefined ? 120_000 : 600_000);

describeInChromium('the pages, on the running network', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });

  afterAll(() => stage.close());

  // Of every page of every test: no error written, no policy broken, no other host asked, no byte of a file sent.
  afterEach(async () => {
    expect(await stage.check()).toEqual({ console: [], foreign: [], leaks: [] });
  });

  describeFrame(() => stage);
  describeVerify(() => stage);
  describeLicence(() => stage);
  describeIssuing(() => stage);
  describeIssuingActs(() => stage);
  describeClerk(() => stage);
  describeCrossRegion(() => stage);
  describeAudit(() => stage);
  describeOffice(() => stage);
  describeTour(() => stage);
  describeHostile(() => stage);
});
