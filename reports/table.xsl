<?xml version="1.0" encoding="UTF-8"?>
<!-- The page of a report that is a folder: its title, the question that it answers, its rows as a table.
     A page imports this, and may give what stands before the table as the template "figures". -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:d="https://doorstep.example/ns/v1" exclude-result-prefixes="d">
	<xsl:import href="frame.xsl"/>

	<xsl:template name="own-style">
					@page { size: A4 landscape; margin: 12mm }
					body { font-size: 9pt; max-width: 270mm }
					th, td { overflow-wrap: break-word }
					figure { margin: .6em 0; max-width: 200mm; page-break-inside: avoid }
	</xsl:template>

	<xsl:template name="figures"/>

	<xsl:template match="/d:report">
		<xsl:variable name="rows" select="*[last()]/*"/>
		<xsl:call-template name="frame">
			<xsl:with-param name="title" select="@title"/>
			<xsl:with-param name="content">
				<h1><xsl:value-of select="@title"/></h1>
				<p><xsl:value-of select="@answers"/></p>
				<xsl:if test="@serves"><p class="note"><xsl:value-of select="@serves"/></p></xsl:if>
				<xsl:call-template name="figures"/>
				<xsl:choose>
					<xsl:when test="$rows"><xsl:apply-templates select="." mode="table"/></xsl:when>
					<xsl:otherwise><p><strong>There is nothing to report.</strong></p></xsl:otherwise>
				</xsl:choose>
				<p><xsl:value-of select="concat('Rows: ', count($rows))"/></p>
			</xsl:with-param>
		</xsl:call-template>
	</xsl:template>

	<xsl:template match="d:report" mode="table">
		<xsl:variable name="columns" select="d:column"/>
		<table>
			<thead><tr><xsl:apply-templates select="$columns" mode="head"/></tr></thead>
			<tbody>
				<xsl:for-each select="*[last()]/*">
					<xsl:variable name="row" select="."/>
					<tr>
						<xsl:for-each select="$columns">
							<td><xsl:apply-templates select="." mode="class"/><xsl:apply-templates select="." mode="cell">
								<xsl:with-param name="value" select="$row/*[local-name() = current()/@name]"/>
							</xsl:apply-templates></td>
						</xsl:for-each>
					</tr>
				</xsl:for-each>
			</tbody>
		</table>
	</xsl:template>

	<xsl:template match="d:column" mode="head">
		<th>
			<xsl:apply-templates select="." mode="class"/>
			<xsl:value-of select="@title"/>
			<xsl:if test="@unit"><xsl:value-of select="concat(' (', @unit, ')')"/></xsl:if>
		</th>
	</xsl:template>

	<xsl:template match="d:column" mode="class">
		<xsl:if test="@type = 'integer' or @type = 'decimal'"><xsl:attribute name="class">number</xsl:attribute></xsl:if>
	</xsl:template>

	<!-- A time to the minute, as it is in the export: in UTC. -->
	<xsl:template match="d:column" mode="cell">
		<xsl:param name="value"/>
		<xsl:choose>
			<xsl:when test="@type = 'boolean'"><xsl:value-of select="substring('yesno', 1 + 3 * ($value = 'false'), 3 - ($value = 'false'))"/></xsl:when>
			<xsl:when test="@type = 'time' and $value != ''">
				<xsl:value-of select="concat(substring($value, 1, 10), ' ', substring($value, 12, 5), ' UTC')"/>
			</xsl:when>
			<xsl:otherwise><xsl:value-of select="$value"/></xsl:otherwise>
		</xsl:choose>
	</xsl:template>
</xsl:stylesheet>
