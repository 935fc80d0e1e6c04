import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app.js';
import { nonceStyles } from './app/style-nonce.js';
import 'antd/dist/antd.css';
import './app/base.css';

nonceStyles();
const root = document.getElementById('root');
if (root === null) throw new Error('the page lacks its root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
