// The storage account of our own: package, queues, tables, quarantine, dead letters and ledger.

@description('Its name.')
@minLength(3)
@maxLength(24)
param name string

@description('Where it is.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('How often it is stored, and where.')
param sku string

@description('Whether only private endpoints and the services of Azure itself get in.')
param isolated bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Not Disabled even when isolated: the exception for Azure's own services would end with it.
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      // Event Grid is such a service: without this it can neither deliver nor dead-letter.
      bypass: 'AzureServices'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 14 }
    containerDeleteRetentionPolicy: { enabled: true, days: 14 }
  }
}

@description('Its resource id.')
output id string = account.id

@description('Its name.')
output name string = account.name

@description('The endpoint of its blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('The endpoint of its queue service.')
output queueEndpoint string = account.properties.primaryEndpoints.queue

@description('The endpoint of its table service.')
output tableEndpoint string = account.properties.primaryEndpoints.table
