// Custom roles for containers with recordings. Built-in roles have either no right to index tags, or all rights.

@description('Name of the environment, part of the roles\' names.')
param environmentName string

@description('Token that distinguishes the roles of several deployments.')
param token string

@description('Gives the app the right to delete recordings.')
param mayDelete bool

@description('Creates the role of the app.')
param forApp bool

@description('Creates the role of operators, which never includes the right to delete.')
param forOperators bool

var tagging = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read'
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write'
]

var deleting = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'
]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (forApp) {
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-recordings')
  properties: {
    // Two roles of a tenant cannot have the same name.
    roleName: 'Bastion Archivist, recordings (${environmentName}, ${uniqueString(toLower(resourceGroup().id), token)})'
    description: mayDelete ? 'Reads recordings, writes their index tags, and deletes them' : 'Reads recordings and writes their index tags'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read']
        notActions: []
        dataActions: mayDelete ? concat(tagging, deleting) : tagging
        notDataActions: []
      }
    ]
  }
}

resource operatorRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (forOperators) {
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-operators')
  properties: {
    roleName: 'Bastion Archivist, operators (${environmentName}, ${uniqueString(toLower(resourceGroup().id), token)})'
    description: 'Reads recordings and writes their index tags, for people with the command line'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        // The second shows stored access policies, to which a signature of the bastion can refer.
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read', 'Microsoft.Storage/storageAccounts/blobServices/containers/getAcl/action']
        notActions: []
        dataActions: tagging
        notDataActions: []
      }
    ]
  }
}
