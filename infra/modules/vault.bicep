// A vault for what channels are reached with. Its secrets are put there by people, never by a template.

@description('Its name.')
@minLength(3)
@maxLength(24)
param name string

@description('Where it is.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The principal id of the app\'s identity.')
param principalId string

@description('Whether nobody can do away with a deleted vault before its time. Cannot be taken back.')
param purgeProtection bool

@description('Whether only private endpoints and the services of Azure itself get in.')
param isolated bool

var roles = loadJsonContent('../roles.json')

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The service refuses the word false.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: app settings that are references to secrets'
  }
}

@description('Its resource id.')
output id string = vault.id

@description('Its name.')
output name string = vault.name

@description('Its address.')
output uri string = vault.properties.vaultUri
