import { invalidArguments } from '../../kraken-errors.ts';
import { answer, type PrivateEndpoint } from '../desk.ts';
import { requiredText } from '../params.ts';
import { refuse } from '../refusal.ts';
import { TRADING_ERRORS } from '../trading-errors.ts';

/** `AddExport` and `RetrieveExport`: the mock writes no reports; Kraken says so to accounts without the feature. */
export const exportDisabled: PrivateEndpoint = () => refuse(TRADING_ERRORS.featureDisabled);

/** `ExportStatus`: no reports. */
export const exportStatus: PrivateEndpoint = ({ params }) => {
  requiredText(params, 'report');
  return answer([]);
};

/** `RemoveExport`: there is none to remove. */
export const removeExport: PrivateEndpoint = () => refuse(invalidArguments('id'));
