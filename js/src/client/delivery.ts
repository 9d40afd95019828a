import { type Answer, optionalText, structure } from './answer.js';

/** Where a code was sent to, as far as it is told. */
export interface Delivery {
  /** The address or number, masked. */
  readonly destination: string;
  /** How it was sent. */
  readonly medium: 'EMAIL' | 'SMS';
  /** The attribute that holds the address. */
  readonly attribute?: string;
}

/** What an answer says about a code that was sent. */
export function deliveryIn(answer: Answer): Delivery | undefined {
  const details = structure(answer, 'CodeDeliveryDetails');
  return details && delivery(details);
}

/** `CodeDeliveryDetails` as AWS has them. */
export function delivery(details: Answer): Delivery {
  const attribute = optionalText(details, 'AttributeName');
  return {
    destination: optionalText(details, 'Destination') ?? '',
    medium: details['DeliveryMedium'] === 'SMS' ? 'SMS' : 'EMAIL',
    ...(attribute !== undefined && { attribute }),
  };
}
