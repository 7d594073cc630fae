// The function app on its plan, and everything that it is told.

@description('The name of the app.')
param name string

@description('The name of the plan; each app of this kind has its own.')
param planName string

@description('Where they are.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The resource id of the app\'s identity.')
param identityId string

@description('The client id of the app\'s identity.')
param identityClientId string

@description('The endpoint of the blob service of our own storage account.')
param blobEndpoint string

@description('The endpoint of its queue service.')
param queueEndpoint string

@description('The endpoint of its table service.')
param tableEndpoint string

@description('The container of the deployed package.')
param packageContainer string

@description('Whether the app works by a configuration that people push.')
param sharedConfiguration bool

@description('The container of that configuration.')
param configurationContainer string

@description('The name of the Application Insights component.')
param componentName string

@description('The resource id of the bastion.')
param bastionResourceId string

@description('The blob endpoint of the account that the bastion records into.')
param recordingsAccountUrl string

@description('The container that it records into.')
param recordingsContainer string

@description('The blob endpoint of the account that its audit log is exported into.')
param auditAccountUrl string

@description('The app settings that archivist.yaml names for channels, each of which is a secret in the vault.')
param channelSettings array

@description('The address of the vault; empty where there is none.')
param vaultUri string

@description('Whether App Service authentication stands in front of the page.')
param pageAuthentication bool

@description('The subnet for what the app calls; empty for none.')
param subnetId string

@description('Whether the app can be called from the internet: for its page, its API and deployments.')
param publicAccess bool

@description('How many instances there are at most.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

// What the host and the platform read.
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: blobEndpoint
  AzureWebJobsStorage__queueServiceUri: queueEndpoint
  AzureWebJobsStorage__tableServiceUri: tableEndpoint
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// What the archivist reads, by itself or because archivist.yaml names it.
var archivistSettings = {
  AZURE_CLIENT_ID: identityClientId
  BASTION_NAME: last(split(bastionResourceId, '/'))
  BASTION_RESOURCE_ID: bastionResourceId
  RECORDINGS_ACCOUNT_URL: recordingsAccountUrl
  RECORDINGS_CONTAINER: recordingsContainer
  AUDIT_ACCOUNT_URL: auditAccountUrl
  EVENT_SOURCE: '/bastion-archivist/${name}'
}

// Where the configuration is that people push. Without it the app reads archivist.yaml of its package.
var configurationSettings = {
  ARCHIVIST_CONFIG: '${blobEndpoint}${configurationContainer}/archivist.yaml'
}

// The page answers nobody unless it is told who stands in front of it.
var pageSettings = {
  ARCHIVIST_PAGE_AUTH: 'app-service'
}

// The secret TEAMS-URL for the app setting TEAMS_URL: names of secrets have no underscore.
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
  // The name of the service in azure.yaml, by which azd finds the app.
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
        // One static binary needs no more.
        instanceMemoryMB: 512
        maximumInstanceCount: maximumInstances
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: union(hostSettings, archivistSettings, sharedConfiguration ? configurationSettings : {}, pageAuthentication ? pageSettings : {}, secretSettings)
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

@description('The resource id of the app.')
output id string = site.id

@description('The name of the app.')
output name string = site.name

@description('Where its configuration is; empty where that is in the package.')
output configurationUrl string = sharedConfiguration ? configurationSettings.ARCHIVIST_CONFIG : ''

@description('Where it answers.')
output url string = 'https://${site.properties.defaultHostName}'
