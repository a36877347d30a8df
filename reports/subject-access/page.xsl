<?xml version="1.0" encoding="UTF-8"?>
<!-- The package of a request for subject access, printable. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:s="https://doorstep.example/ns/v1/subject-access" exclude-result-prefixes="s">
	<xsl:import href="../frame.xsl"/>

	<xsl:template name="own-style">
					dd { white-space: pre-wrap }
	</xsl:template>

	<xsl:template match="/s:subject-access">
		<xsl:call-template name="frame">
			<xsl:with-param name="title" select="concat('Subject access, request ', @request)"/>
			<xsl:with-param name="content">
				<h1>Subject access, request <xsl:value-of select="@request"/></h1>
				<p>
					<xsl:value-of select="concat('What is held about the person (', @subject)"/>
					<xsl:if test="@subject-id"><xsl:value-of select="concat(' ', @subject-id)"/></xsl:if>
					<xsl:value-of select="concat('), as of ', @gathered, '. The request was received on ', @received, '.')"/>
				</p>
				<h2>What the package does not have</h2>
				<ul><xsl:for-each select="s:limits/s:limit"><li><xsl:value-of select="."/></li></xsl:for-each></ul>
				<xsl:apply-templates select="s:items/s:item"/>
				<xsl:apply-templates select="s:withheld"/>
			</xsl:with-param>
		</xsl:call-template>
	</xsl:template>

	<xsl:template match="s:item">
		<h2>
			<xsl:value-of select="concat(@number, '. ')"/>
			<xsl:choose>
				<xsl:when test="@kind">
					<xsl:value-of select="@kind"/>
					<xsl:if test="@at"><xsl:value-of select="concat(', ', @at)"/></xsl:if>
				</xsl:when>
				<xsl:otherwise>Withheld</xsl:otherwise>
			</xsl:choose>
		</h2>
		<dl>
			<xsl:for-each select="s:field">
				<dt><xsl:value-of select="@title"/></dt><dd><xsl:value-of select="."/></dd>
			</xsl:for-each>
		</dl>
	</xsl:template>

	<xsl:template match="s:withheld">
		<h2>What was withheld, and why</h2>
		<xsl:if test="not(s:part)"><p>Nothing.</p></xsl:if>
		<xsl:if test="s:part">
			<table>
				<thead><tr><th class="number">Item</th><th>Field</th><th>Why</th><th>Source</th></tr></thead>
				<tbody>
					<xsl:for-each select="s:part">
						<tr>
							<td class="number"><xsl:value-of select="@item"/></td>
							<td><xsl:choose><xsl:when test="@field"><xsl:value-of select="@field"/></xsl:when><xsl:otherwise>all of it</xsl:otherwise></xsl:choose></td>
							<td><xsl:value-of select="."/></td>
							<td><xsl:value-of select="@source"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</xsl:if>
	</xsl:template>
</xsl:stylesheet>
