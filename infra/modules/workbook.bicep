// Workbook with the queries of docs/operations.md.

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Resource id of the queried Log Analytics workspace.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'bastion-archivist')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Bastion Archivist'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
