import { Router } from 'express';

import { type OpenApiDocument } from '../openapi/document.js';
import { REFERENCE_STYLE, writeReference } from '../openapi/reference.js';
import { pageSecurity } from './page-security.js';

/** `/docs`: the interface for readers, and `/docs/openapi.json` for programs. */
export function referenceRoutes(document: OpenApiDocument): Router {
  const page = writeReference(document);
  return Router()
    .get('/docs', (_request, response) => {
      response.set('Content-Security-Policy', pageSecurity([])).type('html').send(page);
    })
    .get('/docs/reference.css', (_request, response) => {
      response.type('css').send(REFERENCE_STYLE);
    })
    .get('/docs/openapi.json', (_request, response) => {
      response.json(document);
    });
}
