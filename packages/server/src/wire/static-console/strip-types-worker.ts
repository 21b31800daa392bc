/**
 * Turns TypeScript sources into the JavaScript that browsers run: gets texts, answers texts. A thread of its own
 * because stripping hundreds of kilobytes would hold up every other request.
 */
import { stripTypeScriptTypes } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

parentPort?.postMessage((workerData as string[]).map((source) => stripTypeScriptTypes(source)));
