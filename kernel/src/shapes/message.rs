//! What do mails and text messages say, and who sends them?

use alloc::string::String;

use super::{
    choice::{DefaultEmailOption, DeliveryMedium, EmailSendingAccount},
    mfa::EmailMfaConfigType,
    text::{
        Arn, AttributeName, ClientId, EmailAddress, EmailInviteMessage, EmailSubject,
        EmailVerificationMessage, EmailVerificationMessageByLink, MessageLanguage, OptionalArn,
        RegionCode, SesConfigurationSet, SmsInviteMessage, SmsVerificationMessage, Username,
    },
};
use crate::shape::{Timestamp, shape};

shape! {
    /// What an invitation says.
    #[derive(Default)]
    pub(crate) MessageTemplateType {
        SMSMessage sms_message: Option<SmsInviteMessage>,
        EmailMessage email_message: Option<EmailInviteMessage>,
        EmailSubject email_subject: Option<EmailSubject>,
    }
}

shape! {
    /// What a message with a code or a link says.
    #[derive(Default)]
    pub(crate) VerificationMessageTemplateType {
        SmsMessage sms_message: Option<SmsVerificationMessage>,
        EmailMessage email_message: Option<EmailVerificationMessage>,
        EmailSubject email_subject: Option<EmailSubject>,
        EmailMessageByLink email_message_by_link: Option<EmailVerificationMessageByLink>,
        EmailSubjectByLink email_subject_by_link: Option<EmailSubject>,
        DefaultEmailOption default_email_option: Option<DefaultEmailOption>,
    }
}

shape! {
    /// What messages say in a language.
    #[derive(Default)]
    pub(crate) MessageTemplatesType {
        EmailMfaConfiguration email_mfa_configuration: Option<EmailMfaConfigType>,
        InviteMessageTemplate invite_message_template: Option<MessageTemplateType>,
        SmsAuthenticationMessage sms_authentication_message: Option<SmsVerificationMessage>,
        VerificationMessageTemplate verification_message_template: Option<VerificationMessageTemplateType>,
    }
}

shape! {
    /// A language, and what messages say in it.
    pub(crate) MessageTemplatesOfLanguageType {
        Language language: MessageLanguage,
        Templates templates: MessageTemplatesType,
    }
}

shape! {
    /// A message that could not be handed over.
    pub(crate) DeliveryFailureType {
        /// What kept it from being sent.
        Cause cause: String,
        ClientId client_id: Option<ClientId>,
        CreationDate creation_date: Timestamp,
        DeliveryMedium delivery_medium: DeliveryMedium,
        /// Masked.
        Destination destination: String,
        /// In the words of Cognito's trigger sources.
        Purpose purpose: String,
        Username username: Username,
    }
}

shape! {
    /// Who sends mail.
    #[derive(Default)]
    pub(crate) EmailConfigurationType {
        SourceArn source_arn: Option<Arn>,
        ReplyToEmailAddress reply_to_email_address: Option<EmailAddress>,
        EmailSendingAccount email_sending_account: Option<EmailSendingAccount>,
        From from: Option<String>,
        ConfigurationSet configuration_set: Option<SesConfigurationSet>,
    }
}

shape! {
    /// Who sends text messages.
    #[derive(Default)]
    pub(crate) SmsConfigurationType {
        SnsCallerArn sns_caller_arn: Option<OptionalArn>,
        ExternalId external_id: Option<String>,
        SnsRegion sns_region: Option<RegionCode>,
        EumsSms eums_sms: Option<EumsSmsConfigurationType>,
    }
}

shape! {
    /// Sending through End User Messaging.
    pub(crate) EumsSmsConfigurationType {
        CallerArn caller_arn: Arn,
        ExternalId external_id: Option<String>,
        OriginationIdentity origination_identity: Option<String>,
        ConfigurationSetName configuration_set_name: Option<String>,
        InEntityId in_entity_id: Option<String>,
        InTemplateId in_template_id: Option<String>,
        Region region: Option<RegionCode>,
    }
}

shape! {
    /// Where a code went, masked.
    #[derive(Default)]
    pub(crate) CodeDeliveryDetailsType {
        Destination destination: Option<String>,
        DeliveryMedium delivery_medium: Option<DeliveryMedium>,
        AttributeName attribute_name: Option<AttributeName>,
    }
}
