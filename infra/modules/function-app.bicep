// Function app, its plan, its app settings, and App Service authentication in front of the page.

@description('Name of the app.')
param name string

@description('Name of the plan; a plan of this kind has one app.')
param planName string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Blob endpoint of our storage account.')
param blobEndpoint string

@description('Queue endpoint of our storage account.')
param queueEndpoint string

@description('Table endpoint of our storage account.')
param tableEndpoint string

@description('Container of the deployed package.')
param packageContainer string

@description('Uses a configuration that people push, instead of the file in the package.')
param sharedConfiguration bool

@description('Container of that configuration.')
param configurationContainer string

@description('Name of the Application Insights component.')
param componentName string

@description('Resource id of the bastion.')
param bastionResourceId string

@description('Blob endpoint of the account with the bastion\'s recordings.')
param recordingsAccountUrl string

@description('Container with its recordings.')
param recordingsContainer string

@description('Blob endpoint of the account with its audit log.')
param auditAccountUrl string

@description('App settings of channels named in archivist.yaml; each refers to a secret in the vault.')
param channelSettings array

@description('Address of the vault; empty without a vault.')
param vaultUri string

@description('App settings of yours. Ours of the same name win.')
param extraSettings object

@description('Client id of the app registration for the page; empty for no page.')
param pageClientId string

@description('Id of the tenant for sign-in to the page.')
param pageTenantId string

@description('Resource id of the subnet for outgoing calls; empty without one.')
param subnetId string

@description('Opens the app to the internet: page, API and deployments.')
param publicAccess bool

@description('Maximum number of instances.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

// Settings for the host and the platform.
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__queueServiceUri: queueEndpoint
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// Settings for the archivist, some of them named in archivist.yaml.
var archivistSettings = {
  AZURE_CLIENT_ID: identityClientId
  BASTION_NAME: last(split(bastionResourceId, '/'))
  BASTION_RESOURCE_ID: bastionResourceId
  RECORDINGS_ACCOUNT_URL: recordingsAccountUrl
  RECORDINGS_CONTAINER: recordingsContainer
  AUDIT_ACCOUNT_URL: auditAccountUrl
  EVENT_SOURCE: '/bastion-archivist/${name}'
  // The SDK logs each request at info.
  RUST_LOG: 'info,azure_core=warn,azure_identity=warn,typespec_client_core=warn'
}

// Address of the pushed configuration. Without this setting the app reads archivist.yaml of its package.
var configurationSettings = {
  ARCHIVIST_CONFIG: '${blobEndpoint}${configurationContainer}/archivist.yaml'
}

// Without this setting the page refuses every request. It must not exist before App Service authentication: without
// authentication in front, anyone can send the header with the signed-in user.
var pageSettings = {
  ARCHIVIST_PAGE_AUTH: 'app-service'
}

// TEAMS_URL refers to the secret TEAMS-URL, because names of secrets have no underscore. Until a secret exists, the
// platform passes on the reference itself.
var secretSettings = toObject(
  channelSettings,
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${replace(setting, '_', '-')})'
)

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the app by the name of the service in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'archivist' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      // Exactly this version: Azure has no other for custom handlers.
      runtime: { name: 'custom', version: '1.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        // Enough for one static binary.
        instanceMemoryMB: 512
        maximumInstanceCount: maximumInstances
      }
    }
    // The plan refuses properties of other plans here, ftpsState and alwaysOn among them.
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
  }
}

// Every request needs a signed-in user. The page itself then requires the app role Archivist.Reader.
resource authentication 'Microsoft.Web/sites/config@2024-11-01' = if (!empty(pageClientId)) {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      // Only the API, for which the host requires a function key. /admin and /runtime stay behind the sign-in: they
      // accept the host's master key and webhooks, and the archivist has no trigger for webhooks.
      excludedPaths: ['/api/v1/*']
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: pageClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${pageTenantId}/v2.0'
        }
        validation: { allowedAudiences: [pageClientId, 'api://${pageClientId}'] }
      }
    }
    login: {
      tokenStore: { enabled: false }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: union(extraSettings, hostSettings, archivistSettings, sharedConfiguration ? configurationSettings : {}, empty(pageClientId) ? {} : pageSettings, secretSettings)
  dependsOn: [authentication]
}

resource noPasswordsForFiles 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource noPasswordsForPackages 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

@description('Resource id of the app.')
output id string = site.id

@description('Name of the app.')
output name string = site.name

@description('Address of its configuration; empty if the package contains it.')
output configurationUrl string = sharedConfiguration ? configurationSettings.ARCHIVIST_CONFIG : ''

@description('Address of the app.')
output url string = 'https://${site.properties.defaultHostName}'
